import { type Sample, throttledShare } from "./telemetry.ts";

/** Intervals at the end of the samples that must be alike. */
const intervals = 2;
/** Neighbouring intervals of a settled load differ by less than this in what is served. */
const alike = 0.25;
/** Fewer requests in a window are off by some percent by their number alone: those on their way at its ends count or not. */
const fewestRequests = 500;
/** Under a small limit a proxy works in a few bursts only, which see the machine's speed of that moment. */
const leastCpuSeconds = 0.06;

/**
 * Has a new CPU limit come into force, and the load with it? The counters of the last two intervals say so: requests are
 * served, and each interval is throttled, or both serve as many. False where nobody counts requests.
 */
export function isSettled(samples: readonly Sample[]): boolean {
  const last = samples.slice(-1 - intervals);
  if (last.length <= intervals) return false;
  const steps = last.slice(1).map((sample, index) => stepBetween(last[index]!, sample));
  if (steps.some(({ rate }) => !(rate > 0))) return false;
  const rates = steps.map(({ rate }) => rate);
  return steps.every(({ throttled }) => throttled > 0) || Math.min(...rates) > (1 - alike) * Math.max(...rates);
}

/** Is the window long enough, by what was served and the CPU that it took, or by its time? */
export function isComplete(window: readonly Sample[], longestSeconds: number): boolean {
  const [first, last] = [window[0], window.at(-1)];
  if (!first || !last) return false;
  const served = (last.served ?? 0) - (first.served ?? 0);
  const cpuSeconds = (last.proxy.cpuSeconds ?? leastCpuSeconds) - (first.proxy.cpuSeconds ?? 0);
  return (
    (served >= fewestRequests && cpuSeconds >= leastCpuSeconds) || last.atSeconds - first.atSeconds >= longestSeconds
  );
}

function stepBetween(before: Sample, after: Sample): { rate: number; throttled: number } {
  const served = (after.served ?? Number.NaN) - (before.served ?? Number.NaN);
  return {
    rate: served / (after.atSeconds - before.atSeconds),
    throttled: throttledShare(before.proxy, after.proxy) ?? 0,
  };
}
