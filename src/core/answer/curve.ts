import { figureOf, type LearnedFigure, offsetOf } from "../domain/figures.ts";
import { curvesAlong, type FixedLevels, spread } from "./course.ts";
import { ceilingAt } from "./learning/ceilings.ts";
import type { Predictor } from "./learning/predictor.ts";
import type { Refused } from "./learning/refusal.ts";
import { type Basis, basisOf, curvesAt } from "./predict.ts";
import { cpuRange, measuredLevels, rowFor } from "./question.ts";

/** What is expected at one CPU limit, as in a `Prediction`. */
export interface PredictedPoint extends Readonly<ReturnType<typeof curvesAt>> {
  readonly cpu: number;
  /** The estimate lies above what the load tool or the origins could carry: nobody could have measured it. */
  readonly aboveCeiling?: true;
}

export interface PredictedCurve extends Basis {
  readonly ok: true;
  readonly target: LearnedFigure;
  readonly unit: string;
  readonly confidence: number;
  readonly points: readonly PredictedPoint[];
  /** The trials that it was learned from. */
  readonly measured: readonly { readonly cpu: number; readonly figure: number }[];
}

/** Forward along the measured CPU limits, in equal ratios. Refuses what `rowFor` and `curves` refuse. */
export async function predictCurve(
  predictor: Predictor,
  fixed: FixedLevels = {},
  confidence = 0.9,
  count = 25,
): Promise<PredictedCurve | Refused> {
  const { training, ceilings, target } = predictor.rows;
  const located = rowFor(predictor.rows, { ...fixed, cpu: measuredLevels(training, "cpu")[0]! });
  if (!located.ok) return located;
  const { least, most } = cpuRange(training, located.x);
  const cpus = spread(least, most, count - 1);
  const column = training.factors.indexOf("cpu");
  const found = await curvesAlong(predictor, located.x, cpus, confidence);
  if ("ok" in found) return found;
  const ceiling = ceilingAt(ceilings, training, located.x);
  const points = cpus.map((cpu, i): PredictedPoint => {
    const figures = curvesAt(found, i);
    return { cpu, ...figures, ...(ceiling && figures.estimate > ceiling.figure && { aboveCeiling: true }) };
  });
  const measured = training.y.map((y, i) => ({ cpu: training.x[i]![column]!, figure: y - offsetOf(target) }));
  const { unit } = figureOf(target);
  return { ok: true, target, unit, confidence, points, measured, ...basisOf(predictor) };
}
