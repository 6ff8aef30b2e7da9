import { median } from "./means.ts";
import type { Pairs } from "./rankCorrelation.ts";

/** What is known of a slope beforehand: a normal distribution. */
export interface PriorSlope {
  readonly mean: number;
  readonly deviation: number;
}

/** A slope and what it rests on. */
export interface FittedSlope {
  readonly slope: number;
  /** Its standard error. */
  readonly error: number;
  /** Share of the variance of y within groups that the line takes away; below 0 where it adds to it. */
  readonly explained?: number;
  /** Values beyond the first of each group. */
  readonly degreesOfFreedom: number;
}

/** With fewer degrees of freedom the scatter is too uncertain, and the prior stands. */
const fewestDegrees = 4;
/** Residuals beyond so many standard deviations count less: as much as one that lies there. */
const usualResidual = 2;
const rounds = 12;
/** Standard deviation of a normal distribution / its median absolute deviation. */
const normalMad = 1.4826;

/**
 * Slope of y over x within groups, each of which has a level of its own: the posterior mean under a normal prior. Few
 * pairs leave it near the prior, many decide it. An odd pair bends it little (Huber's weights, by the median absolute
 * residual as scale). The evidence of few pairs counts (v - 2) / v, since their scatter is known from v degrees only.
 * Source: P. J. Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35 (1964).
 */
export function robustSlope(groups: readonly Pairs[], prior: PriorSlope): FittedSlope {
  const degreesOfFreedom = groups.reduce((sum, { x }) => sum + Math.max(0, x.length - 1), 0);
  if (degreesOfFreedom < fewestDegrees) return { slope: prior.mean, error: prior.deviation, degreesOfFreedom };
  const trust = (degreesOfFreedom - 2) / degreesOfFreedom;
  const priorPrecision = 1 / prior.deviation ** 2;
  let weights = groups.map(({ x }) => x.map(() => 1));
  let slope = prior.mean;
  let error = prior.deviation;
  let sums = sumsWithin(groups, weights, slope);
  for (let round = 0; round < rounds; round++) {
    const precision = (trust * degreesOfFreedom) / Math.max(sums.squares, Number.MIN_VALUE);
    const evidence = Math.min(1e12, precision * sums.xx);
    slope =
      sums.xx > 0
        ? (priorPrecision * prior.mean + evidence * (sums.xy / sums.xx)) / (priorPrecision + evidence)
        : prior.mean;
    error = 1 / Math.sqrt(priorPrecision + evidence);
    weights = huberWeights(sumsWithin(groups, weights, slope).residuals, degreesOfFreedom);
    sums = sumsWithin(groups, weights, slope);
  }
  return { slope, error, degreesOfFreedom, ...(sums.yy > 0 && { explained: 1 - sums.squares / sums.yy }) };
}

interface Sums {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
  /** Weighted squares of the residuals. */
  readonly squares: number;
  readonly residuals: readonly (readonly number[])[];
}

/** Weighted sums of squares around the means of each group. */
function sumsWithin(groups: readonly Pairs[], weights: readonly (readonly number[])[], slope: number): Sums {
  let [xx, xy, yy, squares] = [0, 0, 0, 0];
  const residuals = groups.map(({ x, y }, group) => {
    const own = weights[group]!;
    const [centreX, centreY] = [weightedMean(x, own), weightedMean(y, own)];
    return x.map((value, index) => {
      const [dx, dy, weight] = [value - centreX, y[index]! - centreY, own[index]!];
      const residual = dy - slope * dx;
      xx += weight * dx * dx;
      xy += weight * dx * dy;
      yy += weight * dy * dy;
      squares += weight * residual * residual;
      return residual;
    });
  });
  return { xx, xy, yy, squares, residuals };
}

function huberWeights(residuals: readonly (readonly number[])[], degrees: number): number[][] {
  const sizes = residuals.flatMap((group) => (group.length > 1 ? group.map(Math.abs) : []));
  const usual = usualResidual * normalMad * median(sizes) * Math.sqrt(sizes.length / degrees);
  return residuals.map((group) => group.map((one) => (Math.abs(one) > usual ? usual / Math.abs(one) : 1)));
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  let [sum, total] = [0, 0];
  values.forEach((value, index) => {
    sum += weights[index]! * value;
    total += weights[index]!;
  });
  return sum / total;
}
