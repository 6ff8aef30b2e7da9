import { mean, squaredDeviations, studentQuantile } from "../../statistics/index.ts";
import { bucketSeconds } from "./rates.ts";

/** What the course of a rate says about it. */
export interface Steadiness {
  readonly steady: boolean;
  /** Half of the 95 % interval of the mean by batch means, as a share of the mean. */
  readonly halfWidth: number;
  /** Mean of the second half / mean of the first. */
  readonly halvesRatio: number;
}

const mostBatches = 10;
const fewestRates = 4;
/** Halves that differ by more than this, and by more than the noise explains, are not one steady rate. */
const halvesMayDiffer = 0.05;
const noiseQuantile = 2;
/** A start-up that takes more of a run than this is not to be averaged over. */
const longestStartup = 1 / 3;
/** Half-width of a run's own interval from which on more of the same run tells little: runs differ by more. */
const preciseEnough = 0.03;
/** Neighbouring parts of a run that is warm differ by less than this. */
const settled = 0.1;
const shortestWarmupSeconds = 1;

/** Judges requests/s in equal parts of a run; `undefined` for fewer than 4 of them or a rate of 0. */
export function assess(rates: readonly number[]): Steadiness | undefined {
  const average = mean(rates);
  if (rates.length < fewestRates || !(average > 0)) return undefined;
  const middle = rates.length >> 1;
  const [first, second] = [batchMeans(rates.slice(0, middle)), batchMeans(rates.slice(middle))];
  const halvesRatio = second.mean / first.mean;
  const noise = (noiseQuantile * Math.hypot(first.error, second.error)) / average;
  const alike = Math.abs(halvesRatio - 1) <= Math.max(halvesMayDiffer, noise);
  const { error, count } = batchMeans(rates);
  return {
    steady: alike && startupLength(rates) <= longestStartup * rates.length,
    halfWidth: (studentQuantile(0.95, count - 1) * error) / average,
    halvesRatio,
  };
}

/** May a window end? `rates` in parts of `bucketSeconds`. */
export function isPrecise(rates: readonly number[], shortestSeconds: number): boolean {
  if (rates.length * bucketSeconds < shortestSeconds) return false;
  const seen = assess(rates);
  return seen?.steady === true && seen.halfWidth <= preciseEnough;
}

/** May a warm-up end? */
export function isWarm(rates: readonly number[]): boolean {
  if (rates.length * bucketSeconds < shortestWarmupSeconds) return false;
  const [before = 0, last = 0] = rates.slice(-2);
  return last > 0 && Math.abs(last - before) <= settled * Math.max(last, before);
}

/**
 * How many of the first values to leave out so that the mean of the rest is known best: their start-up. At most half.
 * Source: K. P. White, An effective truncation heuristic for bias reduction in simulation output, Simulation 69 (1997).
 */
export function startupLength(values: readonly number[]): number {
  let best = { cut: 0, score: Number.POSITIVE_INFINITY };
  for (let cut = 0; cut <= values.length / 2; cut++) {
    const rest = values.slice(cut);
    const score = squaredDeviations(rest) / rest.length ** 2;
    if (score < best.score) best = { cut, score };
  }
  return best.cut;
}

/** Mean and its standard error from means of equal batches, so that neighbours that resemble each other count less. */
function batchMeans(values: readonly number[]): { mean: number; error: number; count: number } {
  const count = Math.min(mostBatches, values.length);
  const size = Math.floor(values.length / count);
  const skipped = values.length - size * count;
  const batches = Array.from({ length: count }, (_, batch) =>
    mean(values.slice(skipped + batch * size, skipped + (batch + 1) * size)),
  );
  const error = count > 1 ? Math.sqrt(squaredDeviations(batches) / (count - 1) / count) : 0;
  return { mean: mean(batches), error, count };
}
