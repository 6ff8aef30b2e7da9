import type { LearnedFigure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { comparableTrials } from "./comparable.ts";
import type { Model } from "./crossValidation.ts";
import { inCommon } from "./inCommon.ts";
import { fitPredictor, type Predictor, type Predictors } from "./predictor.ts";
import { type Refused, refuse } from "./refusal.ts";
import { trainingRows } from "./rows.ts";

/** The same data and the same question give the same answer. */
export const usualSeed = 42;

/** Predictors of some figures, and what they did not learn from. */
export interface Learned {
  readonly ok: true;
  readonly predictors: Predictors;
  /** Trials that were made under other conditions than the newest one, and what these differ in. */
  readonly others: number;
  readonly differ: readonly string[];
}

/** Learns figures from trials of one proxy: from those made like the newest one. Refuses what `fitPredictor` refuses. */
export async function learn(
  models: readonly Model[],
  records: readonly TrialRecord[],
  targets: readonly LearnedFigure[],
  seed = usualSeed,
): Promise<Learned | Refused> {
  if (records.length === 0) return refuse({ code: "no-trials", message: "nothing was measured yet." });
  const { trials, others, differ } = comparableTrials(records);
  const rows = inCommon(targets.map((target) => trainingRows(trials, target)));
  const predictors: [LearnedFigure, Predictor][] = [];
  for (const [i, target] of targets.entries()) {
    const predictor = await fitPredictor(models, rows[i]!, seed);
    if (!predictor.ok) return predictor;
    predictors.push([target, predictor]);
  }
  return { ok: true, predictors: Object.fromEntries(predictors), others, differ };
}
