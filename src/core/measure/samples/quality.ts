import { withoutAbsent } from "../../domain/absent.ts";
import type { Quality, TrialResult } from "../../domain/record.ts";
import { bucketSeconds, ratesOf } from "./rates.ts";
import { isComplete } from "./settled.ts";
import { assess } from "./steady.ts";
import { activeWindow, type Sample } from "./telemetry.ts";

/** How a window went, from its samples, its result and why it ended. */
export function qualityOf(
  samples: readonly Sample[],
  result: TrialResult,
  concurrency: number,
  ended: Quality["ended"],
): Quality {
  const rates = ratesOf(activeWindow(samples));
  const seen = assess(rates);
  return withoutAbsent<Quality>({
    steady: seen === undefined ? "unchecked" : seen.steady ? "yes" : "no",
    ended,
    halfWidth: seen?.halfWidth,
    halvesRatio: seen?.halvesRatio,
    littleRatio: littleRatio(result, concurrency),
    series: rates.length > 0 ? { intervalSeconds: bucketSeconds, requestsPerSecond: rates.map(Math.round) } : undefined,
  });
}

/** How a visit's window went: too brief for its course to say much. */
export function qualityOfVisit(
  samples: readonly Sample[],
  result: TrialResult,
  concurrency: number,
  settled: boolean,
): Quality {
  return withoutAbsent<Quality>({
    steady: settled ? "yes" : "no",
    ended: isComplete(samples, Number.POSITIVE_INFINITY) ? "precise" : "time-up",
    littleRatio: littleRatio(result, concurrency),
  });
}

/** Source: J. D. C. Little, A proof for the queuing formula L = lambda W, Operations Research 9 (1961). */
function littleRatio(result: TrialResult, concurrency: number): number | undefined {
  const { loop, requestsPerSecond, latencyMs, latencyKind } = result;
  // It holds for the time that requests really took, not for a figure that the tool corrected.
  if (loop !== "closed" || latencyKind !== "service" || latencyMs.mean === undefined) return undefined;
  return (requestsPerSecond * latencyMs.mean) / 1000 / concurrency;
}
