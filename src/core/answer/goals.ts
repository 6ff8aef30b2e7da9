import type { LearnedFigure } from "../domain/figures.ts";

/** What is wanted, all of it together: at least a rate, at most a latency, at most a share of failed requests. */
export interface Goals {
  readonly requestsPerSecond?: number;
  /** Instead of `requestsPerSecond`: so many completed requests in so many seconds. */
  readonly completedRequests?: number;
  readonly withinSeconds?: number;
  /** 99th percentile of the latency, in milliseconds. */
  readonly p99Ms?: number;
  /** Failed requests / all requests. */
  readonly failedShare?: number;
}

/** One goal as a bound on a figure that models predict. */
export interface Wish {
  readonly target: LearnedFigure;
  readonly side: "at least" | "at most";
  readonly figure: number;
}

/** The goals one by one; a number of requests within a time becomes a rate. */
export function wishesOf(goals: Goals): Wish[] {
  const { completedRequests, withinSeconds = Number.NaN, p99Ms, failedShare } = goals;
  const rate =
    goals.requestsPerSecond ?? (completedRequests === undefined ? undefined : completedRequests / withinSeconds);
  const wishes: { target: LearnedFigure; side: Wish["side"]; figure: number | undefined }[] = [
    { target: "requestsPerSecond", side: "at least", figure: rate },
    { target: "latencyMs.p99", side: "at most", figure: p99Ms },
    { target: "failedShare", side: "at most", figure: failedShare },
  ];
  return wishes.filter((wish): wish is Wish => wish.figure !== undefined);
}

/** The figures that goals bound. */
export function targetsOf(goals: Goals): LearnedFigure[] {
  return wishesOf(goals).map(({ target }) => target);
}

/** Whether a figure meets a wish. */
export function meets({ side, figure }: Wish, found: number): boolean {
  return side === "at least" ? found >= figure : found <= figure;
}

/** Why a wish cannot be asked for; `undefined` where it can. */
export function oddness({ target, figure }: Wish): string | undefined {
  if (target === "failedShare")
    return figure >= 0 && figure < 1 ? undefined : `The failed share must lie between 0 and 1, not at ${figure}.`;
  const what = target === "requestsPerSecond" ? "The goal must be a rate" : "The p99 latency must be a time";
  return figure > 0 && figure < Infinity ? undefined : `${what} above 0, not ${figure}.`;
}
