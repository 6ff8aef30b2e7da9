import { setImmediate } from "node:timers/promises";
import type { ModelParameter, ModelPlugin, ModelState, Training } from "../../contract/index.ts";
import { mean, median, random, shuffled, squaredDeviations } from "../../statistics/index.ts";

/** Most folds, and so most fits, of one validation. */
const MOST_FOLDS = 10;

/** A model plugin, or one behind the door, whose hooks answer later. */
export interface Model
  extends Pick<ModelPlugin, "id" | "title" | "minimumRows" | "comparisonOnly" | "openLoopsOnly" | "extrapolates"> {
  fit(training: Training, seed: number): ModelState | Promise<ModelState>;
  predict(state: ModelState, x: readonly (readonly number[])[]): number[] | Promise<number[]>;
  outcomes?(state: ModelState, x: readonly (readonly number[])[]): number[][] | Promise<number[][]>;
  explain?(state: ModelState): readonly ModelParameter[] | Promise<readonly ModelParameter[]>;
}

/** How far predictions are from what was measured. Root-mean-square and mean errors are in the unit of the figure. */
export interface Scores {
  /** Share of the variance explained; absent where all measured figures are alike. Below 0: worse than their mean. */
  readonly r2?: number;
  readonly rmse: number;
  readonly mae: number;
  /** Mean and median of |predicted - measured| / measured, as fractions. */
  readonly mape: number;
  readonly medianApe: number;
}

/** A model judged on rows that it had not seen. */
export interface Validation {
  readonly model: Model;
  /** The model fitted without fold k. */
  readonly states: readonly ModelState[];
  /** Fold of each row. */
  readonly folds: readonly number[];
  /** Figure of each row, predicted by the model fitted without its fold. */
  readonly predicted: readonly number[];
  readonly scores: Scores;
  /** Wall time of one fit and of one prediction, in milliseconds, on average. */
  readonly milliseconds: { readonly fit: number; readonly predict: number };
}

/**
 * Leave-one-configuration-out cross-validation: all replicates of a point are held out together, or a model would be
 * praised for remembering them. K = min(10, configurations). Deterministic for a seed. Throws an Error where a fold
 * leaves the model fewer rows than its minimum, where the model throws, and where it predicts what is not a number.
 */
export async function crossValidate(model: Model, training: Training, seed: number): Promise<Validation> {
  const folds = foldsOf(training.x, MOST_FOLDS, seed);
  const states: ModelState[] = [];
  const predicted = new Array<number>(folds.length).fill(0);
  const spent = { fit: 0, predict: 0 };
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const heldOut = folds.flatMap((each, row) => (each === fold ? row : []));
    const started = performance.now();
    const state = await fitModel(model, without(training, new Set(heldOut)), seed);
    const unseen = heldOut.map((row) => training.x[row]!);
    const fitted = performance.now();
    // A large state was just taken over from its thread, and predictions are made in this one: others have their turn.
    await setImmediate();
    const asked = performance.now();
    const figures = await predictRows(model, state, unseen);
    spent.fit += fitted - started;
    spent.predict += performance.now() - asked;
    heldOut.forEach((row, i) => {
      predicted[row] = figures[i]!;
    });
    states.push(state);
    await setImmediate();
  }
  const milliseconds = { fit: spent.fit / states.length, predict: spent.predict / folds.length };
  return { model, states, folds, predicted, scores: score(training.y, predicted), milliseconds };
}

/** A model fitted to rows; throws an Error where they are fewer than its minimum. */
export async function fitModel(model: Model, training: Training, seed: number): Promise<ModelState> {
  const rows = training.y.length;
  if (rows < model.minimumRows) throw new Error(`${model.id} needs ${model.minimumRows} rows and gets ${rows}`);
  return model.fit(training, seed);
}

/** What a model predicts; throws an Error where that is not one number per row. */
export async function predictRows(
  model: Model,
  state: ModelState,
  x: readonly (readonly number[])[],
): Promise<number[]> {
  const figures = await model.predict(state, x);
  if (figures.length !== x.length)
    throw new Error(`${model.id} predicts ${figures.length} figures for ${x.length} rows`);
  if (!figures.every(Number.isFinite)) throw new Error(`${model.id} predicts something that is not a number`);
  return figures;
}

function without(training: Training, rows: ReadonlySet<number>): Training {
  return onlyRows(
    training,
    [...training.y.keys()].filter((row) => !rows.has(row)),
  );
}

/** Some rows of a training, in the order asked for. */
export function onlyRows({ x, y, others, ...training }: Training, rows: readonly number[]): Training {
  const only = <T>(column: readonly T[]) => rows.map((row) => column[row]!);
  const columns = others && Object.entries(others).map(([name, column]) => [name, only(column)]);
  return { ...training, x: only(x), y: only(y), ...(columns && { others: Object.fromEntries(columns) }) };
}

export function score(measured: readonly number[], predicted: readonly number[]): Scores {
  const errors = measured.map((figure, i) => Math.abs(predicted[i]! - figure));
  const relative = errors.map((error, i) => error / measured[i]!);
  const spread = squaredDeviations(measured);
  const missed = errors.reduce((sum, error) => sum + error ** 2, 0);
  return {
    ...(spread > 0 && { r2: 1 - missed / spread }),
    rmse: Math.sqrt(missed / measured.length),
    mae: mean(errors),
    mape: mean(relative),
    medianApe: median(relative),
  };
}

/**
 * Fold of each row of `x`, from 0. Replicates of one configuration share a fold. At most `most` folds; with no more
 * configurations than that, each has its own. Else configurations are dealt out in an order that depends on the seed
 * and on the set of configurations, not on the order of the rows.
 */
export function foldsOf(x: readonly (readonly number[])[], most: number, seed: number): number[] {
  const order = shuffled(configurations(x), random(seed));
  const fold = new Map(order.map((row, i) => [row.join(), i % most]));
  return x.map((row) => fold.get(row.join())!);
}

/** The different rows of `x`, in rising order. */
export function configurations(x: readonly (readonly number[])[]): (readonly number[])[] {
  const different = new Map(x.map((row) => [row.join(), row]));
  return [...different.values()].sort(compareRows);
}

function compareRows(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((value, i) => value !== b[i]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}
