import type { SpeedReading } from "../../domain/record.ts";
import { mean, squaredDeviations } from "../../statistics/index.ts";

/** A piece of a probe's work. */
export interface ProbeSample {
  readonly atSeconds: number;
  /** CPU time that it took. */
  readonly pieceMicros: number;
  /** CPU time of the probe since its start. */
  readonly cpuSeconds: number;
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
): SpeedReading | undefined {
  const within = pieces.filter(({ atSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);
  if (within.length < fewestPieces) return undefined;
  const logs = within.map(({ pieceMicros }) => Math.log(pieceMicros));
  const [first, last] = [within[0]!, within.at(-1)!];
  return {
    samples: within.length,
    probeMicros: Math.exp(mean(logs)),
    logDeviation: Math.sqrt(squaredDeviations(logs) / (logs.length - 1)),
    probeCpu: (last.cpuSeconds - first.cpuSeconds) / (last.atSeconds - first.atSeconds),
  };
}
