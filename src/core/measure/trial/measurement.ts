import type { Limits } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import type { Point } from "../../domain/point.ts";
import type { TrialRecord, TrialResult, TrialUsage } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { qualityOf } from "../samples/quality.ts";
import { summarise } from "../samples/telemetry.ts";
import { type Evidence, judge, type LoadBounds } from "../samples/verdict.ts";
import type { WatchedLoad } from "./watchedLoad.ts";

/** A gap between the origins' count and the load tool's that needs an explanation. */
const gapWorthSaying = 0.01;

/** What one run of a load tool through a proxy gave. */
export interface ObservedWindow extends WatchedLoad {
  readonly originServed: number | undefined;
  readonly limitsInForce: Limits;
  readonly bounds: LoadBounds;
}

export type Measurement = Pick<
  TrialRecord,
  "result" | "usage" | "quality" | "originServed" | "originGap" | "verdict" | "limitsInForce"
>;

/** An observation in the terms of a trial's record. Throws LAB_LOAD where no request completed. */
export function measurementOf(point: Point, seen: ObservedWindow): Measurement {
  const result = resultOf(seen);
  if (result.completedRequests === 0) throw nothingCompleted(point, result);
  const { samples, originServed, limitsInForce, bounds } = seen;
  const telemetry = summarise(samples);
  const quality = qualityOf(samples, result, point.concurrency, seen.ended);
  const { littleRatio } = quality;
  const { requestsPerSecond, failures, completedRequests } = result;
  const evidence = { ...telemetry, ...bounds, requestsPerSecond, connectFailures: failures.connect, littleRatio };
  const cpuMicros = telemetry.cpuSeconds && (telemetry.cpuSeconds * 1e6) / completedRequests;
  return withoutAbsent<Measurement>({
    result,
    usage: withoutAbsent<TrialUsage>({ ...telemetry, cpuMicrosPerRequest: cpuMicros }),
    quality,
    originServed,
    originGap: originServed === undefined ? undefined : gapInWords(originServed, result, point.concurrency),
    limitsInForce,
    verdict: judge(withoutAbsent<Evidence>(evidence)),
  });
}

function nothingCompleted(point: Point, result: TrialResult): LabError {
  const kinds = Object.entries(result.failures).map(([kind, count]) => `${count} ${kind}`);
  const why = kinds.join(", ") || "no reply";
  return new LabError("LAB_LOAD", `${point.loadTool}: no request completed through ${point.proxy} (${why})`);
}

function resultOf({ report, bounds: { offeredRequestsPerSecond } }: ObservedWindow): TrialResult {
  return {
    ...report,
    requestsPerSecond: report.completedRequests / report.durationSeconds,
    ...(offeredRequestsPerSecond === undefined ? {} : { offeredRequestsPerSecond }),
  };
}

/** `undefined` where both counts agree within 1 %. */
function gapInWords(served: number, result: TrialResult, concurrency: number): string | undefined {
  const counted = result.completedRequests;
  const gap = served - counted;
  if (Math.abs(gap) <= gapWorthSaying * counted) return undefined;
  const figures = `origins served ${served}, the load tool counted ${counted}`;
  if (gap < 0) return `${figures}: the proxy answered ${-gap} itself`;
  if (gap <= 2 * concurrency) return `${figures}: ${gap} were still on their way when the window closed`;
  if (gap <= result.failedRequests + 2 * concurrency)
    return `${figures}: ${result.failedRequests} failed on the way back`;
  return `${figures}: ${gap} replies were lost or repeated`;
}
