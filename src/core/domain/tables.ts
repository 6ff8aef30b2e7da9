import { FACTORS, type Factor, factorsIn } from "./factors.ts";
import { FIGURES, type Figure } from "./figures.ts";
import { SWEEP_OPTIONS, type SweepOptions } from "./options.ts";
import type { TrialRecord } from "./record.ts";

/**
 * What trials differ in, what they are judged by, and what can be said of a sweep: the command line, charts, questions and
 * exported data are made from these.
 */
export interface Tables {
  readonly factors: readonly Factor[];
  readonly figures: readonly Figure[];
  readonly options: SweepOptions;
}

export const TABLES: Tables = { factors: FACTORS, figures: FIGURES, options: SWEEP_OPTIONS };

/** The tables for some trials, without factors that nothing is to be said of. */
export function tablesFor(records: readonly TrialRecord[]): Tables {
  const points = records.map(({ point }) => point);
  return { ...TABLES, factors: factorsIn(points) };
}
