import type { TrialRecord } from "../../domain/record.ts";
import { mean } from "../index.ts";
import { isAtReferenceSpeed } from "./referenceSpeed.ts";

/**
 * By how much the logarithm of the mean rate of some trials would rise if what their corrections share were one standard
 * error larger: the slope, and how the probe depends on the limit.
 */
export function sharedShifts(records: readonly TrialRecord[]): readonly [slope: number, level: number] {
  return [averageOf(records, slopeShift), averageOf(records, levelShift)];
}

/**
 * Variance that corrections add to the logarithm of the ratio of two sides' rates or costs by what they share: it does not average
 * out, and counts by how far apart the sides' mean speeds and limits are. The slope is one for all trials of a proxy, how
 * the probe depends on the limit is one for all. 0 for trials as they were measured. For one side alone leave the second
 * one empty.
 */
export function slopeVariance(first: readonly TrialRecord[], second: readonly TrialRecord[]): number {
  const slopeOf = ({ point, correction }: TrialRecord) => `${point.proxy} ${correction?.slope}`;
  const slopes = [...new Set([...first, ...second].map(slopeOf))];
  const shifts = [
    levelShift,
    ...slopes.map((slope) => (one: TrialRecord) => (slopeOf(one) === slope ? slopeShift(one) : 0)),
  ];
  return shifts.reduce((sum, shift) => sum + (averageOf(first, shift) - averageOf(second, shift)) ** 2, 0);
}

function slopeShift(trial: TrialRecord): number {
  return isAtReferenceSpeed(trial) ? trial.correction!.slopeError * trial.correction!.logProbe : 0;
}

function levelShift(trial: TrialRecord): number {
  return isAtReferenceSpeed(trial) ? (trial.correction!.levelShift ?? 0) : 0;
}

function averageOf(records: readonly TrialRecord[], of: (record: TrialRecord) => number): number {
  return records.length === 0 ? 0 : mean(records.map(of));
}
