import type { ModelPlugin, ModelState, Training } from "../contract/index.ts";
import { foldsOf } from "./folds.ts";
import { type Scores, score } from "./scores.ts";

/** Most folds, and so most fits, of one validation. */
const MOST_FOLDS = 10;

/** A model judged on rows that it had not seen. */
export interface Validation {
  readonly model: ModelPlugin;
  /** The model fitted without fold k. */
  readonly states: readonly ModelState[];
  /** Fold of each row. */
  readonly folds: readonly number[];
  /** Figure of each row, predicted by the model fitted without its fold. */
  readonly predicted: readonly number[];
  readonly scores: Scores;
}

/**
 * Leave-one-configuration-out cross-validation: all replicates of a point are held out together, or a model would be
 * praised for remembering them. K = min(10, configurations). Deterministic for a seed. Throws an Error where a fold
 * leaves the model fewer rows than its minimum, where the model throws, and where it predicts what is not a number.
 */
export function crossValidate(model: ModelPlugin, training: Training, seed: number): Validation {
  const folds = foldsOf(training.x, MOST_FOLDS, seed);
  const states: ModelState[] = [];
  const predicted = new Array<number>(folds.length).fill(0);
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const heldOut = folds.flatMap((each, row) => (each === fold ? row : []));
    const state = fitModel(model, without(training, new Set(heldOut)), seed);
    const unseen = heldOut.map((row) => training.x[row]!);
    const figures = predictRows(model, state, unseen);
    heldOut.forEach((row, i) => {
      predicted[row] = figures[i]!;
    });
    states.push(state);
  }
  return { model, states, folds, predicted, scores: score(training.y, predicted) };
}

/** A model fitted to rows; throws an Error where they are fewer than its minimum. */
export function fitModel(model: ModelPlugin, training: Training, seed: number): ModelState {
  const rows = training.y.length;
  if (rows < model.minimumRows) throw new Error(`${model.id} needs ${model.minimumRows} rows and gets ${rows}`);
  return model.fit(training, seed);
}

/** What a model predicts; throws an Error where that is not one number per row. */
export function predictRows(model: ModelPlugin, state: ModelState, x: readonly (readonly number[])[]): number[] {
  const figures = model.predict(state, x);
  if (figures.length !== x.length)
    throw new Error(`${model.id} predicts ${figures.length} figures for ${x.length} rows`);
  if (!figures.every(Number.isFinite)) throw new Error(`${model.id} predicts something that is not a number`);
  return figures;
}

function without({ factors, x, y }: Training, rows: ReadonlySet<number>): Training {
  return { factors, x: x.filter((_, i) => !rows.has(i)), y: y.filter((_, i) => !rows.has(i)) };
}
