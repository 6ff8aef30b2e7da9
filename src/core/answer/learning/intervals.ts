import { setImmediate } from "node:timers/promises";
import { predictRows, type Validation } from "./crossValidation.ts";

/** Bands around a prediction, one figure per row asked about. */
export interface Bands {
  /** Two-sided: a further run lies between `low` and `high` with the confidence asked for. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** One-sided: a further run lies above `lower` with that confidence, and so it lies below `upper`. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** For each row asked about, what a further run gives there if it errs like row i of the training, for each i. */
  readonly outcomes: readonly (readonly number[])[];
}

/**
 * A validation by single trials, where a row is the mean of several: each is as far off as it is itself, and the mean of
 * many says nothing of how far. So the bands of a model that learned from means hold one further run, too.
 */
export function byRun(validation: Validation, runs: readonly (readonly number[])[]) {
  const spread = (values: readonly number[]) => runs.flatMap((own, row) => own.map(() => values[row]!));
  const { predicted, folds } = validation;
  return { validation: { ...validation, predicted: spread(predicted), folds: spread(folds) }, measured: runs.flat() };
}

/** Fewest rows for bands of a confidence between 0 and 1: 9 for 0.9, 19 for 0.95. */
export function rowsNeeded(confidence: number): number {
  return Math.ceil(1 / (1 - confidence) - 1 - 1e-9);
}

/** The highest confidence that so many rows can give. */
export function highestConfidence(rows: number): number {
  return rows / (rows + 1);
}

/**
 * CV+ bands (jackknife+ where each configuration is a fold of its own), on logarithms since errors are proportional:
 * Barber, Candes, Ramdas and Tibshirani, "Predictive inference with the jackknife+", Annals of Statistics 49 (2021).
 * With a = 1 - confidence, m_i the model fitted without the fold of row i, and r_i = log y_i - m_i(x_i):
 * `low` is the floor(a(n+1))-th smallest of m_i(x) - |r_i|, `high` the ceil((1-a)(n+1))-th smallest of m_i(x) + |r_i|,
 * `lower` the floor(a(n+1))-th smallest of m_i(x) + r_i (the outcomes), and `upper` the ceil((1-a)(n+1))-th.
 *
 * For exchangeable rows jackknife+ covers at least 1 - 2a whatever the model, CV+ hardly less, and both near 1 - a for
 * a stable model: on average over the measured range, not at every point of it. Replicates, and points chosen by an
 * adaptive plan, are not quite exchangeable. `undefined` where the rows are too few for the confidence (`rowsNeeded`).
 */
export async function cvPlusBands(
  validation: Validation,
  measured: readonly number[],
  x: readonly (readonly number[])[],
  confidence: number,
): Promise<Bands | undefined> {
  const rank = Math.floor((1 - confidence) * (measured.length + 1) + 1e-9);
  if (rank < 1) return undefined;
  const log = logarithm(measured);
  const residuals = measured.map((figure, i) => Math.log(figure) - log(validation.predicted[i]!));
  const byFold: number[][] = [];
  for (const state of validation.states) {
    byFold.push((await predictRows(validation.model, state, x)).map(log));
    await setImmediate();
  }
  const shifted = (shift: (residual: number) => number) =>
    x.map((_, j) => residuals.map((residual, i) => Math.exp(byFold[validation.folds[i]!]![j]! + shift(residual))));
  const ranked = (sets: readonly (readonly number[])[], at: number) =>
    sets.map((set) => set.toSorted((a, b) => a - b).at(at)!);
  const outcomes = shifted((residual) => residual);
  return {
    low: ranked(
      shifted((residual) => -Math.abs(residual)),
      rank - 1,
    ),
    high: ranked(shifted(Math.abs), -rank),
    lower: ranked(outcomes, rank - 1),
    upper: ranked(outcomes, -rank),
    outcomes,
  };
}

/** The same from what a model says that further runs may give; `undefined` where that are too few for the confidence. */
export function bandsAmong(outcomes: readonly (readonly number[])[], confidence: number): Bands | undefined {
  const count = outcomes[0]?.length ?? 0;
  const [rank, outer] = [1 - confidence, (1 - confidence) / 2].map((share) => Math.floor(share * (count + 1) + 1e-9));
  if (count > 0 && outer! < 1) return undefined;
  const sorted = outcomes.map((one) => one.toSorted((a, b) => a - b));
  const at = (place: number) => sorted.map((one) => one.at(place)!);
  return { low: at(outer! - 1), high: at(-outer!), lower: at(rank! - 1), upper: at(-rank!), outcomes };
}

/** Logarithm of a predicted figure; one at or below 0 counts as a thousandth of the least that was measured. */
function logarithm(measured: readonly number[]): (figure: number) => number {
  const least = Math.min(...measured) / 1000;
  return (figure) => Math.log(Math.max(figure, least));
}

/** How the intervals of a model would have done on rows that it had not seen. */
export interface Coverage {
  readonly confidence: number;
  /** Share of the rows that lie within their interval. */
  readonly share: number;
  /** Median of high / low. */
  readonly width: number;
}

/**
 * Each row is judged by an interval from the errors of the rows of the other folds, on logarithms. `undefined` where these
 * are too few for the confidence, or the model predicts no figure above 0.
 */
export function coverageOf(
  { predicted, folds }: Validation,
  measured: readonly number[],
  confidence: number,
): Coverage | undefined {
  if (predicted.some((figure) => !(figure > 0))) return undefined;
  const errors = measured.map((figure, row) => Math.abs(Math.log(figure / predicted[row]!)));
  const limits = errors.map((_, row) =>
    limitOf(
      errors.filter((_, other) => folds[other] !== folds[row]),
      confidence,
    ),
  );
  if (limits.some((limit) => limit === undefined)) return undefined;
  const known = limits as number[];
  const held = errors.filter((error, row) => error <= known[row]!).length;
  const widths = known.map((limit) => Math.exp(2 * limit)).sort((a, b) => a - b);
  return { confidence, share: held / errors.length, width: widths[widths.length >> 1]! };
}

function limitOf(errors: readonly number[], confidence: number): number | undefined {
  if (errors.length < rowsNeeded(confidence)) return undefined;
  return errors.toSorted((a, b) => a - b)[Math.ceil(confidence * (errors.length + 1) - 1e-9) - 1];
}
