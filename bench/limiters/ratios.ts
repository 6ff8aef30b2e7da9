import { median } from "../../src/core/statistics/index.ts";

/** One figure of each arm, taken one right after the other; by name of the arm. */
export type Lap = ReadonlyMap<string, number>;

/**
 * The ratio of an arm's figure to that of another, as the median of the ratios within laps: what the machine does from lap
 * to lap falls out. `low` and `high`: quartiles of these ratios. NaN for no laps.
 */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function ratioOf(laps: readonly Lap[], arm: string, to: string): Ratio {
  const ratios = laps.map((lap) => lap.get(arm)! / lap.get(to)!).sort((a, b) => a - b);
  const quartile = (share: number) => ratios[Math.round(share * (ratios.length - 1))] ?? Number.NaN;
  return { median: median(ratios), low: quartile(0.25), high: quartile(0.75) };
}

/** How far ratios to the same are apart: the largest by the smallest, less 1. */
export function spread(ratios: readonly number[]): number {
  return Math.max(...ratios) / Math.min(...ratios) - 1;
}
