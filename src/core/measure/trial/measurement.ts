import type { Limits, LoadReport } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import type { Point } from "../../domain/point.ts";
import type { Quality, SpeedReading, TrialRecord, TrialResult, TrialUsage } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { qualityOf, qualityOfVisit } from "../samples/quality.ts";
import { activeWindow, type Sample, summarise } from "../samples/telemetry.ts";
import { type Evidence, judge, type LoadBounds } from "../samples/verdict.ts";
import type { Witnessed } from "./witness.ts";

/** A gap between the origins' count and the load tool's that needs an explanation. */
const gapWorthSaying = 0.01;

/** What one run of a load tool through a proxy gave. */
export interface Observed extends Witnessed {
  readonly report: LoadReport;
  /** Of the whole run; of a visit, those of its window. */
  readonly samples: readonly Sample[];
  /** Why the run ended, where the run is the window. */
  readonly ended?: Quality["ended"];
  /** Had the limit settled when the window of a visit opened? Absent for a run that is no visit. */
  readonly settled?: boolean;
  readonly speed?: SpeedReading | undefined;
  readonly limitsInForce: Limits;
  readonly bounds: LoadBounds;
}

export type Measurement = Pick<
  TrialRecord,
  | "result"
  | "usage"
  | "quality"
  | "speed"
  | "originServed"
  | "originGap"
  | "contradictions"
  | "verdict"
  | "limitsInForce"
>;

/** An observation in the terms of a trial's record. Throws LAB_LOAD where no request completed. */
export function measurementOf(point: Point, seen: Observed): Measurement {
  const result = resultOf(seen);
  if (result.completedRequests === 0) throw nothingCompleted(point, result);
  const { samples, originServed, contradictions, limitsInForce, bounds, speed, settled } = seen;
  const telemetry = summarise(samples, activeOf(seen));
  const quality =
    settled === undefined
      ? qualityOf(samples, result, point.concurrency, seen.ended ?? "fixed")
      : qualityOfVisit(samples, result, point.concurrency, settled);
  const { littleRatio } = quality;
  const { requestsPerSecond, failures, completedRequests } = result;
  const load = {
    requestsPerSecond,
    connectFailures: failures.connect,
    littleRatio,
    contradictions,
    sending: result.sending,
    p99Ms: result.latencyMs.p99,
    concurrency: point.concurrency,
  };
  const cpuMicros = telemetry.cpuSeconds && (telemetry.cpuSeconds * 1e6) / completedRequests;
  return withoutAbsent<Measurement>({
    result,
    usage: withoutAbsent<TrialUsage>({ ...telemetry, cpuMicrosPerRequest: cpuMicros }),
    quality,
    speed,
    originServed,
    originGap: gapInWords(seen, point.concurrency),
    contradictions: contradictions.length > 0 ? contradictions : undefined,
    limitsInForce,
    verdict: judge(withoutAbsent<Evidence>({ ...telemetry, ...bounds, ...load })),
  });
}

/** The samples between which the proxy was at work: all of a visit, whose window opens on a proxy at work. */
export function activeOf({ samples, settled }: Pick<Observed, "samples" | "settled">): readonly Sample[] {
  return settled === undefined ? activeWindow(samples) : samples;
}

function nothingCompleted(point: Point, result: TrialResult): LabError {
  const kinds = Object.entries(result.failures).map(([kind, count]) => `${count} ${kind}`);
  const why = kinds.join(", ") || "no reply";
  return new LabError("LAB_LOAD", `${point.loadTool}: no request completed through ${point.proxy} (${why})`);
}

function resultOf({ report, samples, settled, bounds: { offeredRequestsPerSecond } }: Observed): TrialResult {
  const counted = settled === undefined ? undefined : countedIn(samples, report);
  const { completedRequests, durationSeconds } = counted ?? report;
  return {
    ...report,
    ...counted,
    requestsPerSecond: completedRequests / durationSeconds,
    ...(offeredRequestsPerSecond === undefined ? {} : { offeredRequestsPerSecond }),
  };
}

/** What the origins counted in a window; `undefined` where they do not count, or the window never opened. */
function countedIn(samples: readonly Sample[], { transferredBytes, completedRequests: all }: LoadReport) {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  if (first.served === undefined || last.served === undefined || last === first) return undefined;
  const completedRequests = last.served - first.served;
  return withoutAbsent({
    completedRequests,
    durationSeconds: last.atSeconds - first.atSeconds,
    transferredBytes:
      transferredBytes === undefined || all === 0 ? undefined : (transferredBytes * completedRequests) / all,
    countedBy: "origins" as const,
  });
}

/** `undefined` where both counts agree within 1 %, or nobody counted at the origins. */
function gapInWords(seen: Observed, concurrency: number): string | undefined {
  const { originServed: served, contradictions, report } = seen;
  const { completedRequests: counted, failedRequests: failed } = report;
  if (served === undefined) return undefined;
  const gap = served - counted;
  if (Math.abs(gap) <= gapWorthSaying * counted) return undefined;
  const figures = `origins served ${served}, the load tool counted ${counted}`;
  if (contradictions.some(({ code }) => code === "count")) return `${figures}: it miscounted`;
  if (gap < 0) return `${figures}: the proxy answered ${-gap} itself`;
  if (gap <= 2 * concurrency) return `${figures}: ${gap} were still on their way when the window closed`;
  if (gap <= failed + 2 * concurrency) return `${figures}: ${failed} failed on the way back`;
  return `${figures}: ${gap} replies were lost or repeated`;
}
