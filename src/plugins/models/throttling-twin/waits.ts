/** Latencies in ms at some shares of the requests, in rising order: what a proxy has that nothing stops. */
export interface Quantiles {
  /** -log of the share of the requests that take longer. */
  readonly depth: readonly number[];
  /** Logarithm of the latency. */
  readonly log: readonly number[];
}

/** Bins of waits, so many for each e-fold, from the shortest wait that counts to minutes. */
const binsPerFold = 10;
const leastWait = 0.05;
const bins = 160;
/** Lower ends; what waits less than the first is in bin 0. */
const edges = Float64Array.from({ length: bins + 1 }, (_, bin) => {
  return bin === 0 ? 0 : leastWait * Math.exp((bin - 1) / binsPerFold);
});
const middles = edges.map((edge, bin) => (bin === 0 ? 0 : edge * Math.exp(0.5 / binsPerFold)));

/** Requests by how long they wait for the quota. */
export class Waits {
  readonly #requests = new Float64Array(bins + 1);
  #all = 0;

  /** So many requests whose waits, in ms, lie evenly between two. */
  add(requests: number, from: number, to: number): void {
    const [low, high] = from < to ? [from, to] : [to, from];
    const [first, last] = [binOf(low), binOf(high)];
    this.#all += requests;
    for (let bin = first; bin <= last; bin++) {
      const start = bin === first ? low : edges[bin]!;
      const end = bin === last ? high : edges[bin + 1]!;
      this.#requests[bin]! += first === last ? requests : (requests * (end - start)) / (high - low);
    }
  }

  /** The latency that a share of the requests do not exceed, where each waits and then takes as long as if nothing stopped it. */
  latencyAt(share: number, free: Quantiles): number {
    const wanted = (1 - share) * this.#all;
    let [low, high] = [1e-2, 1e6];
    // To a thousandth.
    while (high / low > 1.001) {
      const middle = Math.sqrt(low * high);
      if (this.#beyond(middle, free) > wanted) low = middle;
      else high = middle;
    }
    return Math.sqrt(low * high);
  }

  #beyond(latency: number, free: Quantiles): number {
    let beyond = 0;
    for (let bin = 0; bin <= bins; bin++) {
      const requests = this.#requests[bin]!;
      if (requests > 0) beyond += requests * shareAbove(free, latency - middles[bin]!);
    }
    return beyond;
  }
}

function binOf(wait: number): number {
  if (wait < leastWait) return 0;
  return Math.min(bins, 1 + Math.floor(binsPerFold * Math.log(wait / leastWait)));
}

/** Share of the requests that take longer than a latency, in ms. */
function shareAbove({ depth, log }: Quantiles, latency: number): number {
  if (latency <= 0) return 1;
  const wanted = Math.log(latency);
  let at = 1;
  while (at < log.length - 1 && log[at]! <= wanted) at++;
  const slope = (depth[at]! - depth[at - 1]!) / (log[at]! - log[at - 1]!);
  return Math.min(1, Math.exp(-(depth[at]! + slope * (wanted - log[at]!))));
}
