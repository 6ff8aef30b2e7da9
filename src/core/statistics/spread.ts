import { type Interval, usualConfidence } from "./interval.ts";
import { squaredDeviations } from "./means.ts";
import { studentQuantile } from "./quantiles.ts";

/** How much repeated runs of one configuration differ: standard deviation of the logarithm, and what it rests on. */
export interface Spread {
  /** About the relative standard deviation: 0.05 is 5 %. */
  readonly logDeviation: number;
  readonly degreesOfFreedom: number;
}

/** Pooled from groups of repeated positive figures; `undefined` where nothing was repeated. */
export function pooledSpread(groups: readonly (readonly number[])[]): Spread | undefined {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const values of groups) {
    const logs = values.map(Math.log);
    squares += squaredDeviations(logs);
    degreesOfFreedom += Math.max(0, logs.length - 1);
  }
  if (degreesOfFreedom === 0) return undefined;
  return { logDeviation: Math.sqrt(squares / degreesOfFreedom), degreesOfFreedom };
}

/** Student's interval of the geometric mean of `runs` figures that spread so. */
export function logInterval(estimate: number, runs: number, spread: Spread, confidence = usualConfidence): Interval {
  const half = (studentQuantile(confidence, spread.degreesOfFreedom) * spread.logDeviation) / Math.sqrt(runs);
  return { estimate, low: estimate * Math.exp(-half), high: estimate * Math.exp(half), confidence };
}
