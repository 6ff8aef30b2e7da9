import type { ModelParameter, Training } from "../../../core/contract/index.ts";
import { meanAndDeviation } from "./spread.ts";

/** How the levels of a factor become coordinates: in standard deviations from the mean of the rows. */
export interface FactorAxis {
  readonly factor: string;
  readonly column: number;
  /** True where the logarithm is taken: all levels of the rows are above 0. */
  readonly log: boolean;
  /** Of the levels, or of their logarithms; the deviation is above 0. */
  readonly mean: number;
  readonly deviation: number;
}

/** An axis for each factor that varies. */
export function axesOf({ factors, x }: Training): FactorAxis[] {
  return factors.flatMap((factor, column) => {
    const levels = x.map((row) => row[column]!);
    if (levels.every((level) => level === levels[0])) return [];
    const log = levels.every((level) => level > 0);
    const { mean, deviation } = meanAndDeviation(log ? levels.map(Math.log) : levels);
    // Levels that differ in their last digits only cannot be told apart.
    return deviation > 0 ? { factor, column, log, mean, deviation } : [];
  });
}

/** Coordinates of a row; throws an Error where a level is not above 0 whose logarithm is needed. */
export function coordinates(axes: readonly FactorAxis[], row: readonly number[]): number[] {
  return axes.map(({ factor, column, log, mean, deviation }) => {
    const level = row[column]!;
    if (!Number.isFinite(level)) throw new Error(`${factor} must be a number, is ${level}`);
    if (log && level <= 0) throw new Error(`${factor} must be above 0, is ${level}`);
    return ((log ? Math.log(level) : level) - mean) / deviation;
  });
}

/** How far apart levels may lie for figures to be alike: as a ratio, or in levels where no logarithm is taken. */
export function lengthScales(axes: readonly FactorAxis[], lengths: readonly number[]): ModelParameter[] {
  return axes.map(({ factor, log, deviation }, i) => {
    const length = lengths[i]! * deviation;
    const name = `length scale of ${factor}`;
    return log ? { name, value: Math.exp(length), unit: "ratio" } : { name, value: length, unit: `unit of ${factor}` };
  });
}
