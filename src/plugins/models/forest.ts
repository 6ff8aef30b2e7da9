import { defineModel, type ModelParameter, type Training } from "../../core/contract/index.ts";
import { checkLevels, checkSeed, checkTraining } from "./shared/check.ts";
import { inOrder } from "./shared/order.ts";
import { type Forest, growForest, predictForest, predictOutOfBag } from "./trees/forest.ts";

interface State {
  readonly factors: readonly string[];
  /** Of logarithms. */
  readonly forest: Pick<Forest, "trees">;
  /** Median relative error on rows that a tree has not seen, as a fraction; absent where the trees have seen all. */
  readonly outOfBagError?: number;
}

const MINIMUM_ROWS = 5;
const TREES = 100;

/**
 * Random forest with a draw of three quarters of the factors at each split, on logarithms: the geometric mean of the
 * rows near by. It never leaves the range of the measured figures. `fit` throws where figures are not above 0.
 */
export default defineModel({
  id: "forest",
  title: "Random forest, factors drawn per split",
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { factors, forest } = state as State;
    checkLevels(factors, x);
    return predictForest(forest, x).map(Math.exp);
  },
  explain: (state) => explain(state as State),
});

function fit(training: Training, seed: number): State {
  checkTraining(training, { model: "the forest", minimumRows: MINIMUM_ROWS, positive: true });
  checkSeed(seed);
  const { factors, x, y } = inOrder(training);
  const logs = y.map(Math.log);
  const growth = { minimumLeaf: 1, factorsPerSplit: Math.max(1, Math.ceil(0.75 * factors.length)) };
  const grown = growForest({ factors, x, y: logs }, TREES, growth, seed);
  const outOfBagError = medianError(logs, predictOutOfBag(grown, x));
  return { factors, forest: { trees: grown.trees }, ...(outOfBagError !== undefined && { outOfBagError }) };
}

function medianError(logs: readonly number[], predicted: readonly number[]): number | undefined {
  const errors = logs.map((log, i) => Math.abs(Math.expm1(predicted[i]! - log))).filter(Number.isFinite);
  return errors.sort((a, b) => a - b)[errors.length >> 1];
}

function explain({ outOfBagError }: State): ModelParameter[] {
  if (outOfBagError === undefined) return [];
  return [{ name: "median error on rows left out", value: 100 * outOfBagError, unit: "%" }];
}
