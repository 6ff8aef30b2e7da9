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
  /** Whether it was the proxy's CPU that held down most of its runs. */
  readonly held: boolean;
}

/**
 * The band that is wide for the longest, `undefined` for none: of those that the proxy's CPU holds down, since a load
 * tool that is at its end says nothing of the proxy, however often it is asked; of all where there are none such.
 */
export function widestOf(bands: readonly Band[]): Band | undefined {
  const held = bands.filter((band) => band.held);
  return (held.length > 0 ? held : bands).reduce<Band | undefined>(
    (widest, band) => (widest && widest.halfWidth >= band.halfWidth ? widest : band),
    undefined,
  );
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
