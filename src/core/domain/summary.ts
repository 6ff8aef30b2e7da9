import type { Interval } from "../statistics/index.ts";
import type { Point } from "./point.ts";

/** The rate of a configuration: by its own runs, and by those of its whole curve. */
export interface Band {
  readonly point: Point;
  /** Completed trials with a rate. */
  readonly runs: number;
  /** Of its own runs. */
  readonly own: Interval;
  /** Narrowed by the other CPU limits of the same curve; the same as `own` where they do not help. */
  readonly smooth: Interval;
  /** Half of `smooth`, as a share of its estimate. */
  readonly halfWidth: number;
}

/** What a sweep found at one configuration. */
export interface ConfigurationSummary {
  readonly point: Point;
  /** Completed trials. */
  readonly runs: number;
  /**
   * Of the configuration, not of one run, narrowed by its curve; absent where too little was repeated to know how much
   * runs differ.
   */
  readonly requestsPerSecond?: Interval;
  /** The same from its own runs alone. */
  readonly own?: Interval;
  /** Failed requests / sent requests, 0 to 1. */
  readonly failedShare?: Interval;
}

/** The configuration whose runs lie farthest apart, where they differ by more than a reader may overlook. */
export interface SweepDrift {
  readonly point: Point;
  /** Of its runs, in order of time. */
  readonly requestsPerSecond: readonly number[];
  /** Largest / smallest - 1. */
  readonly range: number;
}
