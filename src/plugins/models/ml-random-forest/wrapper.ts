import { RandomForestRegression } from "ml-random-forest";
import type { Training } from "../../../core/contract/index.ts";
import { checkSeed } from "../shared/check.ts";
import { type Lean, lean } from "./lean.ts";

const TREES = 50;
const OPTIONS = {
  maxFeatures: 1.0,
  replacement: false,
  useSampleBagging: true,
  noOOB: true,
  selectionMethod: "mean" as const,
  treeOptions: { minNumSamples: 2, gainThreshold: -1 },
};

/**
 * Trains a forest of ml-random-forest 2.1.0. It has defects; what is done about each:
 *
 * - A node that would split its rows perfectly is not split. Up to a millionth of the range is added to the figures, so
 *   that no first split is perfect, and `gainThreshold` below 0 lets perfect splits further down pass.
 * - Training throws where few trees leave a row without an out-of-bag prediction: these are not computed (`noOOB`).
 * - A fractional `maxFeatures` may round to no features, and `maxSamples` takes the first rows: all features, all rows.
 * - Leaves have up to three rows unless told otherwise (`minNumSamples`).
 * - Its JSON repeats all options in every node, and takes long to load: only what predicting needs is kept.
 *
 * NaN goes to the right of every split without a word: callers check the rows. Without a seed each forest is another:
 * throws an Error where it is not a whole number.
 */
export function trainForest({ x, y }: Training, seed: number, trees = TREES): Lean {
  checkSeed(seed);
  const forest = new RandomForestRegression({ ...OPTIONS, nEstimators: trees, seed });
  forest.train(
    x.map((row) => [...row]),
    unsettle(y),
  );
  return lean(forest);
}

/** The figures, each raised by its own part of a millionth of their range. */
function unsettle(y: readonly number[]): number[] {
  const most = Math.max(...y);
  const range = most - Math.min(...y) || Math.abs(most) || 1;
  return y.map((figure, i) => figure + 1e-6 * range * ((i * 0.618034) % 1));
}
