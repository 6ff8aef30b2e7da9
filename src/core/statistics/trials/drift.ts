import type { Reading } from "../../domain/figures.ts";
import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import { configurationKey, inTime } from "./repeated.ts";

/** The same configuration, measured at different times. */
export interface Drift {
  /** A trial of the configuration. */
  readonly trial: TrialRecord;
  /** Figures in order of time. */
  readonly figures: readonly number[];
  /** Largest / smallest - 1. */
  readonly range: number;
}

/** A difference between runs of one configuration that a reader of a sweep has to know of. */
export const driftWorthSaying = 0.1;

/** Of the configurations that were repeated the one whose figures lie farthest apart; `undefined` where none was. */
export function driftOf(records: readonly TrialRecord[], figure: Reading): Drift | undefined {
  const drifts = [...Map.groupBy(inTime(records), configurationKey).values()].flatMap((trials) => {
    const figures = trials.flatMap((trial) => (isBelieved(trial) ? (figure(trial) ?? []) : []));
    if (figures.length < 2 || figures.some((value) => !(value > 0))) return [];
    return [{ trial: trials[0]!, figures, range: Math.max(...figures) / Math.min(...figures) - 1 }];
  });
  return drifts.sort((a, b) => b.range - a.range)[0];
}
