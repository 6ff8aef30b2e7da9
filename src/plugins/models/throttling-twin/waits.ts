import type { Wait } from "./quota.ts";

/** Latencies in ms at some shares of the requests, in rising order: what a proxy has that nothing stops. */
export interface Quantiles {
  /** -log of the share of the requests that take longer. */
  readonly depth: readonly number[];
  /** Logarithm of the latency. */
  readonly log: readonly number[];
}

/** Bins of waits, so many for each e-fold. */
const binsPerFold = 12;
const leastWait = 0.05;
const bins = 180;

/** The latency that a share of the requests do not exceed, where each waits and then takes as long as if nothing stopped it. */
export function waitedLatency(share: number, waits: readonly Wait[], free: Quantiles): number {
  const weights = weightsOf(waits);
  const all = weights.reduce((sum, one) => sum + one, 0);
  const wanted = (1 - share) * all;
  const used = [...weights.keys()].filter((bin) => weights[bin]! > 0);
  const beyond = (latency: number) =>
    used.reduce((sum, bin) => sum + weights[bin]! * shareAbove(free, latency - waitOf(bin)), 0);
  let [low, high] = [1e-3, 1e6];
  for (let step = 0; step < 26; step++) {
    const middle = Math.sqrt(low * high);
    if (beyond(middle) > wanted) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** Requests by how long they wait; the first bin does not wait. */
function weightsOf(waits: readonly Wait[]): Float64Array {
  const weights = new Float64Array(bins + 1);
  for (const { requests, from, to } of waits) {
    const [low, high] = from < to ? [from, to] : [to, from];
    const [first, last] = [binOf(low), binOf(high)];
    if (first === last) {
      weights[first]! += requests;
      continue;
    }
    for (let bin = first; bin <= last; bin++) {
      const within = Math.min(high, edgeOf(bin + 1)) - Math.max(low, edgeOf(bin));
      weights[bin]! += (requests * within) / (high - low);
    }
  }
  return weights;
}

function binOf(wait: number): number {
  if (wait < leastWait) return 0;
  return Math.min(bins, 1 + Math.floor(binsPerFold * Math.log(wait / leastWait)));
}

/** The lower end of a bin; that of the last but one is the end of all. */
function edgeOf(bin: number): number {
  if (bin === 0) return 0;
  return bin > bins ? Number.POSITIVE_INFINITY : leastWait * Math.exp((bin - 1) / binsPerFold);
}

function waitOf(bin: number): number {
  return bin === 0 ? 0 : leastWait * Math.exp((bin - 0.5) / binsPerFold);
}

/** Share of the requests that take longer than a latency. */
export function shareAbove({ depth, log }: Quantiles, latency: number): number {
  if (latency <= 0) return 1;
  const wanted = Math.log(latency);
  const next = log.findIndex((one) => one > wanted);
  const at = next < 0 ? log.length - 1 : Math.max(1, next);
  const slope = (depth[at]! - depth[at - 1]!) / Math.max(1e-6, log[at]! - log[at - 1]!);
  return Math.exp(-Math.max(0, depth[at]! + slope * (wanted - log[at]!)));
}
