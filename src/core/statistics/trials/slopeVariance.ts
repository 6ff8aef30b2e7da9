import type { TrialRecord } from "../../domain/record.ts";
import { isAtReferenceSpeed } from "./referenceSpeed.ts";

/** By how much the logarithm of the mean rate of some trials would rise if the slope of their correction were one standard error larger. */
export function slopeShift(records: readonly TrialRecord[]): number {
  return records.reduce((sum, trial) => sum + shiftOf(trial), 0) / (records.length || 1);
}

/**
 * Variance that the slopes of the speed correction add to the logarithm of the ratio of two sides' rates or costs. A
 * slope is the same for all trials of a proxy, so its error does not average out: it counts by how far apart the sides'
 * mean speeds are. 0 for trials as they were measured. For one side alone leave the second one empty.
 */
export function slopeVariance(first: readonly TrialRecord[], second: readonly TrialRecord[]): number {
  const slopeOf = ({ point, correction }: TrialRecord) => `${point.proxy} ${correction?.slope}`;
  const slopes = new Set([...first, ...second].map(slopeOf));
  return [...slopes].reduce((sum, slope) => {
    const share = (side: readonly TrialRecord[]) =>
      side.reduce((total, trial) => total + (slopeOf(trial) === slope ? shiftOf(trial) : 0), 0) / (side.length || 1);
    return sum + (share(first) - share(second)) ** 2;
  }, 0);
}

function shiftOf(trial: TrialRecord): number {
  return isAtReferenceSpeed(trial) ? trial.correction!.slopeError * trial.correction!.logProbe : 0;
}
