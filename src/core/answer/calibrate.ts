import { figureOf, isShare, type LearnedFigure } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { LabError } from "../errors.ts";
import { geometricMean } from "../statistics/index.ts";
import { speedCorrected } from "../statistics/trials/speeds.ts";
import { predictRows } from "./learning/crossValidation.ts";
import type { Predictor, Predictors } from "./learning/predictor.ts";
import { scaled } from "./learning/saved.ts";
import { type Example, type Measure, type MeasureOptions, runsLike, specLike } from "./setting.ts";

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
 * over what they predict there, or a few visits. How well that does is told by a second trial, low in the range. Only the scale is learned:
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
  const spec = specLike(
    example,
    [cpu, checkedAt],
    {},
    { title: "calibration", replicates: runsLike(example, 1), seed: 1 },
  );
  const { id, status, trials } = await measure(spec, options);
  if (status === "interrupted") throw new LabError("LAB_INTERRUPTED", "interrupted while it calibrated");
  const alike = speedCorrected(trials);
  const [one, other] = [trialsAt(alike, cpu), trialsAt(alike, checkedAt)];
  const factors: Partial<Record<LearnedFigure, number>> = {};
  const errors: Partial<Record<LearnedFigure, number>> = {};
  const fitted: Partial<Record<LearnedFigure, Predictor>> = {};
  for (const predictor of known) {
    const { target } = predictor.rows;
    // A share does not scale with the speed of a machine.
    const factor = isShare(target) ? 1 : await ratio(predictor, one);
    factors[target] = factor;
    fitted[target] = scaled(predictor, factor);
    if (!isShare(target)) errors[target] = 1 / (await ratio(fitted[target], other)) - 1;
  }
  return { predictors: fitted, calibration: { sweepId: id, cpu, checkedAt, factors, errors } };
}

/** Measured / predicted, at the limit of some trials. Throws LAB_NO_DATA. */
async function ratio({ model, state, rows }: Predictor, trials: readonly TrialRecord[]): Promise<number> {
  const { point } = trials[0]!;
  const measured = trials.map(figureOf(rows.target).of).filter((figure) => figure !== undefined && figure > 0);
  if (measured.length === 0)
    throw new LabError("LAB_NO_DATA", `the trial at cpu ${point.cpu} has no ${rows.target} to calibrate by`);
  const row = rows.training.factors.map((factor) => point[factor as keyof typeof point] as number);
  const [predicted] = await predictRows(model, state, [row]);
  return geometricMean(measured as number[]) / predicted!;
}

/** The completed trials at a limit. Throws LAB_NO_DATA where there are none. */
function trialsAt(records: readonly TrialRecord[], cpu: number): readonly TrialRecord[] {
  const tried = records.filter(({ point }) => point.cpu === cpu);
  const completed = tried.filter(({ status }) => status === "completed");
  if (completed.length > 0) return completed;
  const reason = tried[0]?.error?.message ?? "it was not run";
  throw new LabError("LAB_NO_DATA", `the trial at cpu ${cpu} gave nothing to calibrate by: ${reason}`);
}
