import { bucketSeconds } from "./rates.ts";
import { assess } from "./steady.ts";

/** Half-width of a run's own interval from which on more of the same run tells little: runs differ by more. */
const preciseEnough = 0.03;
/** Neighbouring parts of a run that is warm differ by less than this. */
const settled = 0.1;
const shortestWarmupSeconds = 1;

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
