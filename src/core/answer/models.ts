import type { ModelParameter } from "../contract/index.ts";
import type { Levels } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import type { SpeedBasis } from "../statistics/trials/speeds.ts";
import type { AnswerData } from "./learning/conditions.ts";
import type { Scores } from "./learning/crossValidation.ts";
import { byRun, type Coverage, coverageOf } from "./learning/intervals.ts";
import type { Predictor } from "./learning/predictor.ts";
import { runsBehind, trialCount } from "./learning/rows.ts";

/** How each model predicts what it has not seen, and which one answers. */
export interface ModelComparison {
  readonly ok: true;
  /** Id of the model that answers. */
  readonly chosen: string;
  /** Trials that taught. */
  readonly trials: number;
  /** What speed of the machine the figures are at; absent where no probe ran. */
  readonly speed?: SpeedBasis;
  readonly measured: readonly number[];
  /** Levels of each row, by factor. */
  readonly levels: readonly Levels[];
  readonly models: readonly ComparedModel[];
  /** The conditions and the data; absent where a predictor was asked by itself. */
  readonly data?: AnswerData;
}

export type ExplainedComparison = ModelComparison & { readonly parameters: readonly ModelParameter[] };

export interface ComparedModel {
  readonly id: string;
  readonly title: string;
  readonly comparisonOnly: boolean;
  readonly scores?: Scores;
  /** For each row what the model said without having seen its point. */
  readonly predicted?: readonly number[];
  readonly milliseconds?: { readonly fit: number; readonly predict: number };
  /** Of its 90 % intervals. */
  readonly coverage?: Coverage;
  /** Why it could not be used. */
  readonly failure?: string;
}

const confidence = 0.9;

export function comparisonOf({ rows, model, candidates }: Predictor): ModelComparison {
  const { factors, x, y } = rows.training;
  return {
    ok: true,
    chosen: model.id,
    trials: trialCount(rows),
    ...(rows.speed && { speed: rows.speed }),
    measured: y,
    levels: x.map((row) => Object.fromEntries(factors.map((factor, column) => [factor, row[column]!]))),
    models: candidates.map(({ model: { id, title, comparisonOnly = false }, validation, failure }): ComparedModel => {
      const known = { id, title, comparisonOnly };
      if (!validation) return { ...known, ...(failure !== undefined && { failure }) };
      const { scores, predicted, milliseconds } = validation;
      const runs = byRun(validation, runsBehind(rows));
      const coverage = coverageOf(runs.validation, runs.measured, confidence);
      return { ...known, scores, predicted, milliseconds, ...(coverage && { coverage }) };
    }),
  };
}

/** With what the model that answers found, as far as it can be read. */
export async function explainedComparison(predictor: Predictor): Promise<ExplainedComparison> {
  const { unit: own } = figureOf(predictor.rows.target);
  const found = (await predictor.model.explain?.(predictor.state)) ?? [];
  const parameters = found.map((one) => ({ ...one, unit: one.unit.replace("unit of the figure", own) }));
  return { ...comparisonOf(predictor), parameters };
}
