import type { Training } from "../../core/contract/index.ts";
import { checkSeed } from "./shared/check.ts";
import { modelOnLevels } from "./shared/define.ts";
import { type Forest, growForest, predictForest, predictOutOfBag } from "./trees/forest.ts";

interface State {
  /** Of logarithms. */
  readonly forest: Pick<Forest, "trees">;
  /** Median relative error on rows that a tree has not seen, as a fraction; absent where the trees have seen all. */
  readonly outOfBagError?: number;
}

const TREES = 100;

/**
 * Random forest with a draw of three quarters of the factors at each split, on logarithms: the geometric mean of the
 * rows near by. It never leaves the range of the measured figures. `fit` throws where figures are not above 0.
 */
export default modelOnLevels<State>({
  id: "forest",
  title: "Random forest, factors drawn per split",
  learner: "the forest",
  minimumRows: 5,
  fit,
  predict: ({ forest }, x) => predictForest(forest, x).map(Math.exp),
  explain: ({ outOfBagError: error }) =>
    error === undefined ? [] : [{ name: "median error on rows left out", value: 100 * error, unit: "%" }],
});

function fit({ factors, x, y }: Training, seed: number): State {
  checkSeed(seed);
  const logs = y.map(Math.log);
  const growth = { minimumLeaf: 1, factorsPerSplit: Math.max(1, Math.ceil(0.75 * factors.length)) };
  const grown = growForest({ factors, x, y: logs }, TREES, growth, seed);
  const outOfBagError = medianError(logs, predictOutOfBag(grown, x));
  return { forest: { trees: grown.trees }, ...(outOfBagError !== undefined && { outOfBagError }) };
}

function medianError(logs: readonly number[], predicted: readonly number[]): number | undefined {
  const errors = logs.map((log, i) => Math.abs(Math.expm1(predicted[i]! - log))).filter(Number.isFinite);
  return errors.sort((a, b) => a - b)[errors.length >> 1];
}
