import type { LearnedFigure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { TABLES } from "../../domain/tables.ts";
import { comparableTrials } from "./comparable.ts";
import type { Model } from "./crossValidation.ts";
import { inCommon } from "./inCommon.ts";
import { fitPredictor, type Predictor, type Predictors } from "./predictor.ts";
import { type Refused, refuse } from "./refusal.ts";
import { type Rows, trainingRows } from "./rows.ts";
import { mostlyLimited, teaches } from "./teaching.ts";

/** The same data and the same question give the same answer. */
export const usualSeed = 42;

/** Predictors of some figures. */
export interface Learned {
  readonly ok: true;
  readonly predictors: Predictors;
}

/**
 * Learns figures from trials of one proxy: from those made under the conditions that were measured most. Refuses what
 * `fitPredictor` refuses.
 */
export async function learn(
  models: readonly Model[],
  records: readonly TrialRecord[],
  targets: readonly LearnedFigure[],
  seed = usualSeed,
): Promise<Learned | Refused> {
  if (records.length === 0) return refuse({ code: "no-trials", message: "nothing was measured yet." });
  const { trials } = comparableTrials(records, targets);
  const teaching = trials.filter((trial) => teaches(trial, targets));
  return fitAll(models, rowsInCommon(trials, targets, mostlyLimited(teaching)), seed);
}

/** What trials made alike teach about some figures: those with a memory limit if `limited`, else those without one. */
export function rowsInCommon(
  trials: readonly TrialRecord[],
  targets: readonly LearnedFigure[],
  limited: boolean,
): Rows[] {
  return inCommon(targets.map((target) => trainingRows(trials, target, TABLES, limited)));
}

/** A predictor for each set of rows. Refuses what `fitPredictor` refuses. */
export async function fitAll(
  models: readonly Model[],
  sets: readonly Rows[],
  seed = usualSeed,
): Promise<Learned | Refused> {
  const predictors: [LearnedFigure, Predictor][] = [];
  for (const rows of sets) {
    const predictor = await fitPredictor(models, rows, seed);
    if (!predictor.ok) return predictor;
    predictors.push([rows.target, predictor]);
  }
  return { ok: true, predictors: Object.fromEntries(predictors) };
}
