import { calibrated } from "./calibrated.ts";
import { robustSlope } from "./robustSlope.ts";

/** A reading of a speed probe, by logarithm of its time. */
export interface ProbeReading {
  readonly log: number;
  /** Of the error that the probe itself makes. */
  readonly variance: number;
  /** CPU limit of the proxy beside it, in cores. */
  readonly limit: number;
  readonly sweep: string;
  readonly proxy: string;
}

/** How the logarithm of the probe's time depends on that of the limit, and the standard error. */
export interface Tilt {
  readonly slope: number;
  readonly error: number;
}

/** Limit that readings are told at. */
const usualLimit = 0.3;
/** Found in sweeps of four proxies: -0.02 to -0.04. Other machines may have none. */
const tiltBefore = { mean: -0.03, deviation: 0.03 };

/**
 * How the probe's time depends on the limit of the proxy beside it, both logarithms: on a core that is idle for most of
 * the time it finds cold caches. That is no matter of the machine's speed, and must not be taken out of rates.
 */
export function tiltOf(readings: readonly ProbeReading[]): Tilt {
  const groups = Map.groupBy(readings, ({ sweep, proxy }) => JSON.stringify([sweep, proxy]));
  const pairs = [...groups.values()].map((own) => {
    return { x: own.map(({ limit }) => distance(limit)), y: own.map(({ log }) => log) };
  });
  const { slope, error } = robustSlope(pairs, tiltBefore);
  return { slope, error };
}

/** Logarithm of the probe's time as it would be at 0.3 CPU, less what the probe's own error adds (`calibrated`). */
export function machineSpeeds(readings: readonly ProbeReading[], tilt: number): number[] {
  const speeds = new Map<ProbeReading, number>();
  for (const own of Map.groupBy(readings, ({ sweep }) => sweep).values()) {
    const levelled = own.map(({ log, limit, variance }) => ({ value: log - tilt * distance(limit), variance }));
    calibrated(levelled).forEach((speed, at) => {
      speeds.set(own[at]!, speed);
    });
  }
  return readings.map((reading) => speeds.get(reading)!);
}

/** Of a limit from the one that readings are told at, by logarithm. */
export function distance(limit: number): number {
  return Math.log(limit / usualLimit);
}
