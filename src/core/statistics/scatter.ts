import { likelihoodWeights, mean } from "./means.ts";

/** A run: the logarithm of what it found, and from how many events, such as requests. */
export interface CountedRun {
  readonly log: number;
  readonly events: number;
}

/** How much runs of one group scatter. */
export interface Scatter {
  /** Variance of the logarithm that a run of so many events finds. */
  variance(events: number): number;
  readonly degreesOfFreedom: number;
}

/** What counting adds to the variance at the fewest events, in shares of what all runs have: candidates. */
const candidates = [0, 0.25, 0.5, 1, 2, 4, 8, 16];
/** With fewer degrees of freedom all runs are taken to scatter alike. */
const fewestForTwoParts = 6;

/**
 * Scatter within groups of repeated runs in two parts: one that all runs have, the machine's, and one that falls with the
 * number of events. Their ratio is not known: the variance is the mean over candidates by their restricted likelihood,
 * at the cost of a degree of freedom. `undefined` where nothing was repeated.
 * Source: H. Patterson and R. Thompson, Recovery of inter-block information when block sizes are unequal, Biometrika 58 (1971).
 */
export function scatterOf(groups: readonly (readonly CountedRun[])[]): Scatter | undefined {
  const repeated = groups.filter((runs) => runs.length > 1);
  const degrees = repeated.reduce((sum, runs) => sum + runs.length - 1, 0);
  if (degrees === 0) return undefined;
  const twoParts = degrees >= fewestForTwoParts;
  const fewest = Math.min(...repeated.flatMap((runs) => runs.map(({ events }) => events)));
  const shares = twoParts ? candidates : candidates.slice(0, 1);
  const fits = shares.map((share) => fitOf(repeated, share * fewest, degrees));
  const weights = likelihoodWeights(fits.map(({ likelihood }) => likelihood));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    variance: (events) => fits.reduce((sum, fit, at) => sum + (weights[at]! / total) * fit.variance(events), 0),
    degreesOfFreedom: twoParts ? degrees - 1 : degrees,
  };
}

/** `perEvent`: what counting one event would add to the variance, in shares of what all runs have. */
function fitOf(groups: readonly (readonly CountedRun[])[], perEvent: number, degrees: number) {
  const shape = (events: number) => 1 + perEvent / Math.max(1, events);
  let [squares, logs] = [0, 0];
  for (const runs of groups) {
    const weights = runs.map(({ events }) => 1 / shape(events));
    const total = weights.length * mean(weights);
    const centre = runs.reduce((sum, { log }, at) => sum + weights[at]! * log, 0) / total;
    squares += runs.reduce((sum, { log }, at) => sum + weights[at]! * (log - centre) ** 2, 0);
    logs += Math.log(total) - weights.reduce((sum, weight) => sum + Math.log(weight), 0);
  }
  const shared = squares / degrees;
  const likelihood = -(degrees * Math.log(Math.max(shared, Number.MIN_VALUE)) + logs) / 2;
  return { likelihood, variance: (events: number) => shared * shape(events) };
}
