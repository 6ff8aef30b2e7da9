import { mean, squaredDeviations } from "./means.ts";

/** A reading, and the variance of the error that the instrument itself makes. */
export interface InexactReading {
  readonly value: number;
  readonly variance: number;
}

/** With fewer it is not known how much the truth varies. */
const fewest = 4;

/**
 * What readings of one instrument tell of the truth: one that lies off their mean does so in part by its own error, and
 * is moved towards the mean by that part. Where errors explain all that varies, nothing but the mean is left.
 * Source: R. J. Carroll et al., Measurement error in nonlinear models, 2006, chapter 4: regression calibration.
 */
export function calibrated(readings: readonly InexactReading[]): number[] {
  const values = readings.map(({ value }) => value);
  if (values.length < fewest) return values;
  const centre = mean(values);
  const errors = mean(readings.map(({ variance }) => variance));
  const truth = Math.max(0, squaredDeviations(values) / (values.length - 1) - errors);
  return readings.map(({ value, variance }) => {
    return truth === 0 ? centre : centre + (truth / (truth + variance)) * (value - centre);
  });
}
