import type { Levels } from "../domain/factors.ts";
import { figureOf, isShare, type LearnedFigure } from "../domain/figures.ts";

type LimitKey = "p99Ms" | "p999Ms" | "failedShare" | "throttledShare";

/** A figure that a goal can keep down. */
interface LimitedFigure {
  /** Its key in goals: latencies in milliseconds, shares between 0 and 1. */
  readonly key: LimitKey;
  readonly target: LearnedFigure;
  /** `p99 latency`. */
  readonly name: string;
  /** Beside a value: `p99`, `failed`. */
  readonly said: string;
  /** Of a percentile: one in so many requests lies beyond it. */
  readonly oneIn?: number;
  /** Id of its option, as `flagOf` takes it. */
  readonly option: "p99" | "p999" | "failedShare" | "throttledShare";
  readonly help: string;
}

/** In the order in which people read them. */
export const LIMITED_FIGURES: readonly LimitedFigure[] = [
  {
    key: "p99Ms",
    target: "latencyMs.p99",
    name: "p99 latency",
    said: "p99",
    oneIn: 100,
    option: "p99",
    help: "most that the 99th percentile of the latency may be: 20ms",
  },
  {
    key: "p999Ms",
    target: "latencyMs.p999",
    name: "p99.9 latency",
    said: "p99.9",
    oneIn: 1000,
    option: "p999",
    help: "most that the 99.9th percentile of the latency may be: 50ms",
  },
  {
    key: "failedShare",
    target: "failedShare",
    name: "failed share",
    said: "failed",
    option: "failedShare",
    help: "most of the requests that may fail: 1%",
  },
  {
    key: "throttledShare",
    target: "throttledShare",
    name: "throttled share",
    said: "of periods throttled",
    option: "throttledShare",
    help: "most of the quota's periods that may be throttled: 5%",
  },
];

/** What is wanted, all of it together: at least a rate, and at most a latency, a share of failed requests or another figure. */
export interface Goals extends Readonly<Partial<Record<LimitKey, number>>> {
  readonly requestsPerSecond?: number;
  /** Instead of `requestsPerSecond`: so many completed requests in so many seconds. */
  readonly completedRequests?: number;
  readonly withinSeconds?: number;
}

/** One goal as a bound on a figure that models predict. */
export interface Wish {
  readonly target: LearnedFigure;
  readonly side: "at least" | "at most";
  readonly figure: number;
}

/** The goals one by one, but for a rate that is among the levels. */
export function wishesOf(goals: Goals, { requestsPerSecond: offered }: Levels = {}): Wish[] {
  const rate = offered === undefined ? rateOf(goals) : undefined;
  return [
    ...(rate === undefined ? [] : [{ target: "requestsPerSecond", side: "at least", figure: rate } as const]),
    ...LIMITED_FIGURES.flatMap(({ key, target }): Wish[] => {
      const figure = goals[key];
      return figure === undefined ? [] : [{ target, side: "at most", figure }];
    }),
  ];
}

/** The figures that goals bound, but for a rate that is among the levels. */
export function targetsOf(goals: Goals, levels?: Levels): LearnedFigure[] {
  return wishesOf(goals, levels).map(({ target }) => target);
}

/** The rate that is wanted, in requests/s: a number of requests within a time is one, too. */
export function rateOf({ requestsPerSecond, completedRequests, withinSeconds }: Goals): number | undefined {
  if (requestsPerSecond !== undefined || completedRequests === undefined) return requestsPerSecond;
  return completedRequests / (withinSeconds ?? Number.NaN);
}

/** Whether a goal is about latency, which is learned from open loops unless it is asked for otherwise. */
export function boundsLatency(goals: Goals): boolean {
  return targetsOf(goals).some((target) => figureOf(target).latency);
}

/**
 * Levels at which goals are to be met, in an open loop or in another one. In an open loop the rate that is wanted is one of them: it is offered, whatever the
 * proxy does. That it is served need not be sought beside a latency, which counts from when a request was due there, and
 * grows without end where the rate is not served.
 */
export function levelsFor(goals: Goals, levels: Levels, open: boolean): Levels {
  const rate = rateOf(goals);
  return open && rate !== undefined ? { ...levels, requestsPerSecond: rate } : levels;
}

/** Whether a figure meets a wish. */
export function meets({ side, figure }: Wish, found: number): boolean {
  return side === "at least" ? found >= figure : found <= figure;
}

/** Why goals cannot be asked for; `undefined` where they can. */
export function oddness(goals: Goals): string | undefined {
  const { p99Ms = 0, p999Ms = Number.POSITIVE_INFINITY } = goals;
  const odd = wishesOf(goals).flatMap((wish) => oddnessOf(wish) ?? []);
  if (p999Ms < p99Ms) odd.push(`The p99.9 latency cannot be less than the p99 latency: ${p999Ms} ms and ${p99Ms} ms.`);
  return odd[0];
}

function oddnessOf({ target, figure }: Wish): string | undefined {
  const name = LIMITED_FIGURES.find((one) => one.target === target)?.name;
  if (name !== undefined && isShare(target))
    return figure >= 0 && figure < 1 ? undefined : `The ${name} must lie between 0 and 1, not at ${figure}.`;
  const what = name === undefined ? "The goal must be a rate" : `The ${name} must be a time`;
  return figure > 0 && figure < Infinity ? undefined : `${what} above 0, not ${figure}.`;
}
