import type { TrialRecord } from "./record.ts";

/** A number of a trial for the shortest window of its scenario; longer ones are those whose rate was not steady yet. */
export function perWindow({ result, scenario }: TrialRecord, count: number | undefined): number | undefined {
  if (!result || count === undefined) return undefined;
  return count * Math.min(1, scenario.windowSeconds / result.durationSeconds);
}
