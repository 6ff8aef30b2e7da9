import type { TrialRecord } from "../../domain/record.ts";
import { machineSpeeds, type ProbeReading, type Tilt, tiltOf } from "../machineSpeed.ts";

/** What the speed probe says of each trial that has a reading. */
export interface ProbedSpeeds {
  readonly tilt: Tilt;
  /** Logarithm of the probe's time as it would be at 0.3 CPU; see `machineSpeeds`. */
  readonly logs: ReadonlyMap<TrialRecord, number>;
}

/** `known`: how the probe's time depends on the limit; else that is taken from the trials. */
export function probedSpeeds(records: readonly TrialRecord[], known?: Tilt): ProbedSpeeds {
  const read = records.filter(({ speed }) => speed);
  const readings = read.map(readingOf);
  const tilt = known ?? tiltOf(readings);
  const speeds = machineSpeeds(readings, tilt.slope);
  return { tilt, logs: new Map(read.map((record, at) => [record, speeds[at]!])) };
}

function readingOf({ speed, sweepId, point }: TrialRecord): ProbeReading {
  const { probeMicros, logDeviation, samples } = speed!;
  const variance = logDeviation ** 2 / samples;
  return { log: Math.log(probeMicros), variance, limit: point.cpu, sweep: sweepId, proxy: point.proxy };
}
