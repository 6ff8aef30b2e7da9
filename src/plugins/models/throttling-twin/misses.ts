import { costAt } from "./costs.ts";
import type { Free } from "./twin.ts";

/** A throttled run, by where it was and by the logarithm of measured / expected. */
export interface Miss extends Where {
  readonly log: number;
}

/** As logarithms: the rate, and the CPU limit over the use that nothing stops. */
interface Where {
  readonly rate: number;
  readonly headroom: number;
}

export function whereOf({ costs }: Free, { rate, cpu }: { readonly rate: number; readonly cpu: number }): Where {
  return { rate: Math.log(rate), headroom: Math.log(cpu / (rate * costAt(costs, rate))) };
}

/** Runs so far apart have little to tell of each other. */
const near = { rate: 0.7, headroom: 0.3 };
/** What is expected counts as much as so many runs at the same place. */
const worthOfTwin = 2;

/** Factor by which throttled runs nearby exceeded what was expected of them (a kernel regression towards 1). */
export function correction(
  { free, misses }: { readonly free: Free; readonly misses: readonly Miss[] },
  place: { readonly rate: number; readonly cpu: number },
): number {
  const { rate, headroom } = whereOf(free, place);
  let [weights, sum] = [worthOfTwin, 0];
  for (const miss of misses) {
    const distance = ((miss.rate - rate) / near.rate) ** 2 + ((miss.headroom - headroom) / near.headroom) ** 2;
    const weight = Math.exp(-distance / 2);
    weights += weight;
    sum += weight * miss.log;
  }
  return Math.exp(sum / weights);
}
