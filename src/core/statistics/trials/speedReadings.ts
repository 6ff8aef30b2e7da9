import type { SpeedReading, TrialRecord } from "../../domain/record.ts";
import { mean, squaredDeviations } from "../index.ts";

/** With fewer trials of a sweep it is not known how much the machine's speed varies in it. */
const fewestTrials = 4;

/**
 * Logarithm of the probe's time of each trial that has one, as far as it tells the machine's speed: a reading that lies
 * off the mean of its sweep does so in part by the error of the probe itself, and is moved towards the mean by that
 * part. On a quiet machine, where the probe's error is all that varies, nothing is left to correct by.
 * Source: R. J. Carroll et al., Measurement error in nonlinear models, 2006, regression calibration.
 */
export function logSpeeds(records: readonly TrialRecord[]): Map<TrialRecord, number> {
  const read = records.flatMap((record) => (record.speed ? [{ record, speed: record.speed }] : []));
  const sweeps = Map.groupBy(read, ({ record }) => record.sweepId);
  return new Map([...sweeps.values()].flatMap(calibrated));
}

function calibrated(readings: readonly { record: TrialRecord; speed: SpeedReading }[]): [TrialRecord, number][] {
  const logs = readings.map(({ speed }) => Math.log(speed.probeMicros));
  const errors = readings.map(({ speed }) => speed.logDeviation ** 2 / speed.samples);
  const known = readings.length >= fewestTrials;
  const centre = mean(logs);
  const variance = known ? Math.max(0, squaredDeviations(logs) / (logs.length - 1) - mean(errors)) : Infinity;
  return readings.map(({ record }, index) => {
    const reliability = known ? (variance === 0 ? 0 : variance / (variance + errors[index]!)) : 1;
    return [record, centre + reliability * (logs[index]! - centre)];
  });
}
