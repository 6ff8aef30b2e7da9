import type { TrialRecord } from "../../domain/record.ts";
import { isCounted } from "../trials/achieved.ts";
import { isAtReferenceSpeed } from "../trials/referenceSpeed.ts";
import { spreadOf } from "../trials/repeated.ts";
import { slopeVariance } from "../trials/slopeVariance.ts";
import type { Sides } from "./pairs.ts";

/**
 * What putting two sides at the reference speed adds to the variance of their log-ratio, beyond the noise that is left: the error
 * of the slopes, and that of the CPU that each side got, which all rates of a side share. 0 for trials as they were measured.
 */
export function correctionVariance(sides: Sides): number {
  const [one, other] = sides.map(cpuVariance);
  return slopeVariance(...sides) + one! + other!;
}

function cpuVariance(side: readonly TrialRecord[]): number {
  const rates = side.filter((record) => isAtReferenceSpeed(record) && isCounted(record));
  const spread = spreadOf(rates, ({ usage, result }) => usage!.cpuSeconds! / result!.durationSeconds);
  return spread ? spread.logDeviation ** 2 / rates.length : 0;
}
