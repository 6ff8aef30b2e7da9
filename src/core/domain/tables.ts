import { FACTORS, type Factor } from "./factors.ts";
import { FIGURES, type Figure } from "./figures.ts";
import { SWEEP_OPTIONS, type SweepOptions } from "./options.ts";

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
