import type { ModelParameter } from "../../../core/contract/index.ts";
import type { FactorAxis } from "./axes.ts";

/** How far apart levels may lie for figures to be alike: as a ratio, or in levels where no logarithm is taken. */
export function lengthScales(axes: readonly FactorAxis[], lengths: readonly number[]): ModelParameter[] {
  return axes.map(({ factor, log, deviation }, i) => {
    const length = lengths[i]! * deviation;
    const name = `length scale of ${factor}`;
    return log ? { name, value: Math.exp(length), unit: "ratio" } : { name, value: length, unit: `unit of ${factor}` };
  });
}
