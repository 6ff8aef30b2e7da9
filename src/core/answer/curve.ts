import type { Training } from "../contract/index.ts";
import type { LevelKey, Levels } from "../domain/factors.ts";
import { figureOf, type LearnedFigure, offsetOf } from "../domain/figures.ts";
import { curvesAlong, spread } from "./course.ts";
import { ceilingAt } from "./learning/ceilings.ts";
import type { Predictor } from "./learning/predictor.ts";
import type { Refused } from "./learning/refusal.ts";
import { type Basis, basisOf, curvesAt } from "./predict.ts";
import { cpuRange, measuredLevels, rowFor } from "./question.ts";

/** Factors that a curve can go along. */
export type CurveFactor = Extract<LevelKey, "cpu" | "requestsPerSecond">;

/** What is expected at one level, as in a `Prediction`. */
export interface PredictedPoint extends Readonly<ReturnType<typeof curvesAt>> {
  /** Of the factor that the curve goes along: a CPU limit in cores, or an offered rate in requests/s. */
  readonly level: number;
  /** The estimate lies above what the load tool or the origins could carry: nobody could have measured it. */
  readonly aboveCeiling?: true;
}

export interface PredictedCurve extends Basis {
  readonly ok: true;
  readonly target: LearnedFigure;
  readonly unit: string;
  readonly along: CurveFactor;
  /** Levels of the other factors. */
  readonly fixed: Levels;
  readonly confidence: number;
  readonly points: readonly PredictedPoint[];
  /** The trials that it was learned from, at whatever levels. */
  readonly measured: readonly { readonly levels: Levels; readonly figure: number }[];
}

/** Where a curve goes, and in how many points. */
export interface CurveOptions {
  readonly along?: CurveFactor;
  readonly count?: number;
}

/** Forward along the measured CPU limits or rates, in equal ratios. Refuses what `rowFor` and `curves` refuse. */
export async function predictCurve(
  predictor: Predictor,
  fixed: Levels = {},
  confidence = 0.9,
  { along = "cpu", count = 25 }: CurveOptions = {},
): Promise<PredictedCurve | Refused> {
  const { training, ceilings, target } = predictor.rows;
  const tried = measuredLevels(training, along);
  // Where none was set in all trials, any level is refused, with the reason.
  const located = rowFor(predictor.rows, { ...fixed, [along]: tried[0] ?? 1 }, predictor.model);
  if (!located.ok) return located;
  const { least, most } = along === "cpu" ? cpuRange(training, located.x) : { least: tried[0]!, most: tried.at(-1)! };
  const levels = spread(least, most, count - 1);
  const found = await curvesAlong(predictor, located.x, levels, confidence, along);
  if ("ok" in found) return found;
  const ceiling = ceilingAt(ceilings, training, located.x);
  const points = levels.map((level, i): PredictedPoint => {
    const figures = curvesAt(found, i);
    return { level, ...figures, ...(ceiling && figures.estimate > ceiling.figure && { aboveCeiling: true }) };
  });
  const { [along]: _, ...others } = levelsIn(training, located.x);
  const measured = training.y.map((y, i) => ({
    levels: levelsIn(training, training.x[i]!),
    figure: y - offsetOf(target),
  }));
  const { unit } = figureOf(target);
  return { ok: true, target, unit, along, fixed: others, confidence, points, measured, ...basisOf(predictor) };
}

/** A row of the models as levels. */
function levelsIn({ factors }: Training, x: readonly number[]): Levels {
  return Object.fromEntries(factors.map((factor, column) => [factor, x[column]!]));
}
