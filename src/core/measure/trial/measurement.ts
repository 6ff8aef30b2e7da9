import type { Limits, LoadReport } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import type { Point } from "../../domain/point.ts";
import type { Quality, TrialRecord, TrialResult, TrialUsage } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { qualityOf } from "../samples/quality.ts";
import { type Sample, summarise, type Telemetry } from "../samples/telemetry.ts";
import { type Evidence, judge } from "../samples/verdict.ts";

/** A gap between the origins' count and the load tool's that needs an explanation. */
const gapWorthSaying = 0.01;

/** What one run of a load tool through a proxy gave. */
export interface ObservedWindow {
  readonly report: LoadReport;
  readonly samples: readonly Sample[];
  readonly ended: Quality["ended"];
  readonly originServed: number | undefined;
  readonly limitsInForce: Limits;
  /** CPU that the proxy can use, in cores: its limit, or one for each thread where those are fewer. */
  readonly usableCpu: number;
  readonly directRequestsPerSecond: number | undefined;
  /** Rate that an open loop was asked for. */
  readonly offeredRequestsPerSecond: number | undefined;
  /** Ports that connections can be made from. */
  readonly localPorts: number | undefined;
  /** Cores that load tool and origins shared; absent where nothing was pinned. */
  readonly restCores: number | undefined;
}

export type Measurement = Pick<
  TrialRecord,
  "result" | "usage" | "quality" | "originServed" | "originGap" | "verdict" | "limitsInForce"
>;

/** An observation in the terms of a trial's record. Throws LAB_LOAD where no request completed. */
export function measurementOf(point: Point, seen: ObservedWindow): Measurement {
  const result = resultOf(seen);
  if (result.completedRequests === 0) throw nothingCompleted(point, result);
  const { samples, originServed, limitsInForce } = seen;
  const telemetry = summarise(samples);
  const quality = qualityOf(samples, result, point.concurrency, seen.ended);
  const originGap = originServed === undefined ? undefined : gapInWords(originServed, result, point.concurrency);
  return {
    result,
    usage: usageOf(telemetry, result),
    quality,
    ...(originServed === undefined ? {} : { originServed }),
    ...(originGap === undefined ? {} : { originGap }),
    limitsInForce,
    verdict: judge(
      withoutAbsent<Evidence>({
        ...telemetry,
        usableCpu: seen.usableCpu,
        requestsPerSecond: result.requestsPerSecond,
        directRequestsPerSecond: seen.directRequestsPerSecond,
        offeredRequestsPerSecond: seen.offeredRequestsPerSecond,
        restCores: seen.restCores,
        localPorts: seen.localPorts,
        connectFailures: result.failures.connect,
        littleRatio: quality.littleRatio,
      }),
    ),
  };
}

function nothingCompleted(point: Point, result: TrialResult): LabError {
  const kinds = Object.entries(result.failures).map(([kind, count]) => `${count} ${kind}`);
  return new LabError(
    "LAB_LOAD",
    `${point.loadTool}: no request completed through ${point.proxy} (${kinds.join(", ") || "no reply"})`,
  );
}

function resultOf({ report, offeredRequestsPerSecond }: ObservedWindow): TrialResult {
  return {
    ...report,
    requestsPerSecond: report.completedRequests / report.durationSeconds,
    ...(offeredRequestsPerSecond === undefined ? {} : { offeredRequestsPerSecond }),
  };
}

function usageOf(telemetry: Telemetry, { completedRequests }: TrialResult): TrialUsage {
  const { cpuSeconds } = telemetry;
  return {
    ...telemetry,
    ...(cpuSeconds === undefined ? {} : { cpuMicrosPerRequest: (cpuSeconds * 1e6) / completedRequests }),
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
