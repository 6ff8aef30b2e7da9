import type { TrialRecord } from "../../domain/record.ts";
import { isAtReferenceSpeed } from "./referenceSpeed.ts";

/**
 * Variance that the slopes of the speed correction add to the logarithm of the ratio of two sides' rates or costs. A slope is the
 * same for all trials of a proxy, so its error does not average out: it counts by how far apart the sides' mean speeds
 * are. 0 for trials as they were measured. For one side alone leave the second one empty.
 */
export function slopeVariance(first: readonly TrialRecord[], second: readonly TrialRecord[]): number {
  const [ones, others] = [first, second].map((side) => side.filter(isAtReferenceSpeed));
  const slopes = Map.groupBy([...ones!, ...others!], ({ point, correction }) => `${point.proxy} ${correction!.slope}`);
  return [...slopes.values()].reduce((sum, trials) => {
    const { slopeError } = trials[0]!.correction!;
    const own = new Set(trials);
    const share = (side: readonly TrialRecord[]) =>
      side.reduce((total, trial) => total + (own.has(trial) ? trial.correction!.logProbe : 0), 0) / (side.length || 1);
    return sum + (slopeError * (share(first) - share(second))) ** 2;
  }, 0);
}
