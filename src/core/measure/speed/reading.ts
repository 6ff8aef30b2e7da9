import type { SpeedReading } from "../../domain/record.ts";
import { mean, squaredDeviations } from "../../statistics/index.ts";

/** A piece of a probe's work. */
export interface ProbeSample {
  readonly atSeconds: number;
  /** CPU time of one of its round trips. */
  readonly roundTripMicros: number;
}

/** With fewer a mean says little. */
const fewestPieces = 8;

/**
 * The pieces between two moments, in one figure. Their mean is that of the logarithms: a piece that was interrupted takes
 * many times as long as the others, and says nothing of the speed. `undefined` for fewer than 8.
 */
export function readingOf(
  pieces: readonly ProbeSample[],
  fromSeconds: number,
  toSeconds: number,
  roundTrips: number,
): SpeedReading | undefined {
  const within = pieces.filter(({ atSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);
  if (within.length < fewestPieces) return undefined;
  const micros = within.map(({ roundTripMicros }) => roundTripMicros);
  const logs = micros.map(Math.log);
  const cpuSeconds = (mean(micros) * micros.length * roundTrips) / 1e6;
  return {
    samples: within.length,
    probeMicros: Math.exp(mean(logs)),
    logDeviation: Math.sqrt(squaredDeviations(logs) / (logs.length - 1)),
    probeCpu: cpuSeconds / (toSeconds - fromSeconds),
  };
}
