import { figureOf, type LearnedFigure } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { LabError } from "../errors.ts";
import { predictRows } from "./learning/crossValidation.ts";
import type { Predictor, Predictors } from "./learning/predictor.ts";
import { scaled } from "./learning/saved.ts";
import { type Example, type Measure, type MeasureOptions, specLike } from "./setting.ts";

/** How a model learned elsewhere does on this machine. */
export interface Calibration {
  readonly sweepId: string;
  /** CPU limits of the trial that scaled the model, and of the one that it was then tried on. */
  readonly cpu: number;
  readonly checkedAt: number;
  /** Measured here / predicted, by target. */
  readonly factors: Readonly<Partial<Record<LearnedFigure, number>>>;
  /** At `checkedAt`, with the model scaled: predicted / measured - 1, by target. */
  readonly errors: Readonly<Partial<Record<LearnedFigure, number>>>;
}

/**
 * Scales predictors of another machine to this one: by what one short trial in the middle of their CPU range measures
 * over what they predict there. How well that does is told by a second trial, low in the range. Only the scale is learned:
 * where the other machine had other ceilings or a knee elsewhere, the model does not know it. Throws LAB_NO_DATA where a
 * trial gives no figures, LAB_INTERRUPTED, and what the sweep throws.
 */
export async function calibrate(
  measure: Measure,
  predictors: Predictors,
  example: Example,
  options: MeasureOptions,
): Promise<{ readonly predictors: Predictors; readonly calibration: Calibration }> {
  const known = Object.values(predictors);
  const { training } = known[0]!.rows;
  const column = training.factors.indexOf("cpu");
  const cpus = training.x.map((row) => row[column]!);
  const [least, most] = [Math.min(...cpus), Math.max(...cpus)];
  const at = (share: number) => Number((least * (most / least) ** share).toPrecision(2));
  const [cpu, checkedAt] = [at(0.5), at(0.2)];
  const spec = specLike(example, [cpu, checkedAt], {}, { title: "calibration", replicates: 1, seed: 1 });
  const { id, status, trials } = await measure(spec, options);
  if (status === "interrupted") throw new LabError("LAB_INTERRUPTED", "interrupted while it calibrated");
  const [one, other] = [recordAt(trials, cpu), recordAt(trials, checkedAt)];
  const factors: Partial<Record<LearnedFigure, number>> = {};
  const errors: Partial<Record<LearnedFigure, number>> = {};
  const fitted: Partial<Record<LearnedFigure, Predictor>> = {};
  for (const predictor of known) {
    const { target } = predictor.rows;
    // A share of failures does not scale with the speed of a machine.
    const factor = target === "failedShare" ? 1 : await ratio(predictor, one);
    factors[target] = factor;
    fitted[target] = scaled(predictor, factor);
    if (target !== "failedShare") errors[target] = 1 / (await ratio(fitted[target], other)) - 1;
  }
  return { predictors: fitted, calibration: { sweepId: id, cpu, checkedAt, factors, errors } };
}

/** Measured / predicted. Throws LAB_NO_DATA. */
async function ratio({ model, state, rows }: Predictor, record: TrialRecord): Promise<number> {
  const measured = figureOf(rows.target).of(record);
  if (!(measured !== undefined && measured > 0))
    throw new LabError("LAB_NO_DATA", `the trial at cpu ${record.point.cpu} has no ${rows.target} to calibrate by`);
  const row = rows.training.factors.map((factor) => record.point[factor as keyof typeof record.point] as number);
  const [predicted] = await predictRows(model, state, [row]);
  return measured / predicted!;
}

function recordAt(records: readonly TrialRecord[], cpu: number): TrialRecord {
  const record = records.find(({ point, status }) => point.cpu === cpu && status === "completed");
  if (record) return record;
  const reason = records.find(({ point }) => point.cpu === cpu)?.error?.message ?? "it was not run";
  throw new LabError("LAB_NO_DATA", `the trial at cpu ${cpu} gave nothing to calibrate by: ${reason}`);
}
