import { median, normalQuantile } from "../../src/core/statistics/index.ts";

/** One figure of each arm, taken one right after the other; by name of the arm. */
export type Lap = ReadonlyMap<string, number>;

/** `low` and `high`: 95 % interval of the median, or the range where there are too few laps for one. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const quantile = normalQuantile(0.975);

/**
 * The ratio of an arm's figure to that of another, as the median of the ratios within laps: what the machine does from lap
 * to lap falls out. The interval is that by order statistics, which takes nothing for granted about the distribution. NaN
 * for no laps.
 */
export function ratioOf(laps: readonly Lap[], arm: string, to: string): Ratio {
  const ratios = laps.map((lap) => lap.get(arm)! / lap.get(to)!).sort((a, b) => a - b);
  const [half, reach] = [ratios.length / 2, (quantile * Math.sqrt(ratios.length)) / 2];
  return {
    median: median(ratios),
    low: ratios[Math.max(0, Math.floor(half - reach) - 1)] ?? Number.NaN,
    high: ratios[Math.min(ratios.length - 1, Math.ceil(half + reach))] ?? Number.NaN,
  };
}

/** How far ratios to the same are apart: the largest by the smallest, less 1. */
export function spread(ratios: readonly number[]): number {
  return Math.max(...ratios) / Math.min(...ratios) - 1;
}
