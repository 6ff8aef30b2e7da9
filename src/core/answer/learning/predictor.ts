import type { ModelState } from "../../contract/index.ts";
import { isShare, type LearnedFigure, offsetOf } from "../../domain/figures.ts";
import { type Candidate, choose, validateAll } from "./comparison.ts";
import { configurations, fitModel, type Model, predictRows, type Validation } from "./crossValidation.ts";
import { type Bands, bandsAmong, byRun, cvPlusBands, highestConfidence, rowsNeeded } from "./intervals.ts";
import { type Refused, refuse } from "./refusal.ts";
import { type Rows, runsBehind, trialCount } from "./rows.ts";
import { exclusionsInWords, FEWEST_POINTS } from "./teaching.ts";

/** The model chosen for some rows, ready to be asked. */
export interface Predictor {
  readonly ok: true;
  readonly rows: Rows;
  readonly model: Model;
  readonly state: ModelState;
  readonly validation: Validation;
  /** All models that were given, in their order. */
  readonly candidates: readonly Candidate[];
}

/** Predictors of the same trials (see `inCommon`) by what they predict. */
export type Predictors = Readonly<Partial<Record<LearnedFigure, Predictor>>>;

/** Curves of a predictor: one figure per row asked about. `low <= estimate <= high`, `lower <= estimate <= upper`. */
export interface Curves extends Bands {
  readonly estimate: readonly number[];
}

/**
 * Compares the models on the rows and fits the best to all of them. Best is the least median relative error on unseen
 * configurations; but of those not shown to err more the first in the list is taken, so list simple models first.
 * Refuses rows that are not numbers above 0, fewer than three different points, and where no model can be fitted.
 */
export async function fitPredictor(models: readonly Model[], rows: Rows, seed: number): Promise<Predictor | Refused> {
  const { x, y } = rows.training;
  const invalid = y.findIndex((figure, row) => ![figure, ...x[row]!].every((value) => value > 0 && value < Infinity));
  if (invalid >= 0) {
    const message = `Row ${invalid} has a level or a figure that is no number above 0.`;
    return refuse({ code: "invalid-rows", row: invalid, message });
  }
  const found = configurations(x).length;
  if (found < FEWEST_POINTS) return tooFewConfigurations(rows, found);
  const open = rows.training.factors.includes("requestsPerSecond");
  const able = models.filter(({ openLoopsOnly }) => open || !openLoopsOnly);
  const candidates = await validateAll(able, rows.training, seed);
  const validation = choose(candidates, rows.training);
  if (!validation) {
    const failures = candidates.map(({ model, failure }) => `${model.id}: ${failure}`);
    return refuse({ code: "no-model", message: `No model could be fitted. ${failures.join("; ")}` });
  }
  const { model } = validation;
  return { ok: true, rows, model, state: await fitModel(model, rows.training, seed), validation, candidates };
}

/** Estimate and bands for each row of `x`, in the order of the training's factors. */
export async function curves(
  predictor: Predictor,
  x: readonly (readonly number[])[],
  confidence: number,
): Promise<Curves | Refused> {
  const { model, state, validation, rows } = predictor;
  if (!(confidence > 0 && confidence < 1)) {
    return refuse({ code: "invalid-question", message: `Confidence must lie between 0 and 1, not at ${confidence}.` });
  }
  const runs = byRun(validation, runsBehind(rows));
  const bands = model.outcomes
    ? bandsAmong(await model.outcomes(state, x), confidence)
    : await cvPlusBands(runs.validation, runs.measured, x, confidence);
  if (!bands) return tooFewRows(runs.measured.length, confidence);
  const estimate = await predictRows(model, state, x);
  // The bands come from the models of the folds and may miss the estimate. Widening them to hold it costs no coverage.
  const least = (band: readonly number[]) => band.map((figure, i) => Math.min(figure, estimate[i]!));
  const most = (band: readonly number[]) => band.map((figure, i) => Math.max(figure, estimate[i]!));
  const offset = offsetOf(rows.target);
  const highest = isShare(rows.target) ? 1 : Number.POSITIVE_INFINITY;
  const figures = (band: readonly number[]) =>
    offset === 0 ? band : band.map((y) => Math.min(highest, withoutOffset(y, offset)));
  return {
    estimate: figures(estimate),
    low: figures(least(bands.low)),
    high: figures(most(bands.high)),
    lower: figures(least(bands.lower)),
    upper: figures(most(bands.upper)),
    outcomes: bands.outcomes.map(figures),
  };
}

/** What is nothing but rounding is 0. */
function withoutOffset(y: number, offset: number): number {
  return y < offset * (1 + 1e-9) ? 0 : y - offset;
}

function tooFewConfigurations(rows: Rows, configurations: number): Refused {
  const code = "too-few-configurations";
  const needed = FEWEST_POINTS;
  const reasons = exclusionsInWords(rows.excluded);
  const left = reasons.length > 0 ? ` (left out: ${reasons.join(", ")})` : "";
  const trials = trialCount(rows);
  const [one, many] = [
    `${count(trials, "trial")} at ${count(configurations, "point")}`,
    trials === 1 ? "teaches" : "teach",
  ];
  const message = `${one} ${many}${left}; ${needed} points are needed.`;
  return refuse({ code, configurations, needed, message });
}

function tooFewRows(rows: number, confidence: number): Refused {
  const needed = rowsNeeded(confidence);
  const highest = highestConfidence(rows);
  const message = `${rows} trials cannot give an interval at ${percent(confidence)}: measure ${needed - rows} more, or ask for ${percent(highest)} at most.`;
  return refuse({ code: "too-few-rows", rows, needed, highestConfidence: highest, message });
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** Whole per cent, never more than the fraction. */
function percent(fraction: number): string {
  return `${Math.floor(fraction * 100 + 1e-9)} %`;
}
