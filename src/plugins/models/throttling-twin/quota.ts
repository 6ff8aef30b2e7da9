import { disturbances } from "./noise.ts";
import { Waits } from "./waits.ts";

/** A proxy on one core under a CPU quota, and the load on it. Times in ms, rates in requests/ms. */
export interface Quota {
  readonly rate: number;
  /** CPU limit, in cores. */
  readonly cpu: number;
  readonly periodMs: number;
  /** CPU time of a request that comes while nothing waits, and of one of those that waited. */
  readonly liveCost: number;
  readonly waitedCost: number;
  /** Standard deviation of the logarithm of the costs from one period to the next. */
  readonly variation: number;
}

/** Length of a run, in periods of 100 ms about that of a window. */
const periods = 100;
const runs = 3;

/**
 * How long requests wait for the quota. They come evenly, as a fluid. In each period the quota is refilled (kernel
 * documentation, "CFS bandwidth control"): what waited is served first, one after the other on the whole core, each at the
 * cost of many at once; then requests are served as they come, until the quota is used up, and the rest of the period is
 * waited for.
 */
export function throttle(quota: Quota): Waits {
  const waits = new Waits();
  for (let run = 0; run < runs; run++) {
    let done = 0;
    for (let period = 0; period < periods; period++) {
      const speed = Math.exp(quota.variation * noise[run * periods + period]!);
      done = onePeriod(quota, period * quota.periodMs, done, speed, waits);
    }
  }
  return waits;
}

/** Adds what is served to the waits. Returns the requests that are done at the end, of `doneBefore` at its start. */
function onePeriod(
  { rate, cpu, periodMs, liveCost, waitedCost }: Quota,
  startMs: number,
  doneBefore: number,
  speed: number,
  waits: Waits,
): number {
  const [live, waited] = [liveCost * speed, waitedCost * speed];
  let [left, now, done] = [cpu * periodMs, startMs, doneBefore];
  const behind = rate * now - done;
  if (behind > 1e-9) {
    const closing = 1 / waited - rate;
    const time = Math.min(left, closing > 0 ? behind / closing : Number.POSITIVE_INFINITY);
    const requests = time / waited;
    waits.add(requests, now - done / rate, Math.max(0, now + time - (done + requests) / rate));
    done += requests;
    now += time;
    left -= time;
  }
  if (left < 1e-9) return done;
  const time = Math.min(startMs + periodMs - now, left / Math.min(1, rate * live));
  waits.add(rate * time, 0, 0);
  return rate * (now + time);
}

/** The same for all, so that two quotas differ by what they are. */
const noise = disturbances(runs * periods);
