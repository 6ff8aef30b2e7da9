import { defineModel } from "../../core/contract/index.ts";
import type { Lean } from "./ml-random-forest/lean.ts";
import { askForest, trainForest } from "./ml-random-forest/wrapper.ts";
import { checkLevels, checkSeed, checkTraining } from "./shared/check.ts";

interface State {
  readonly factors: readonly string[];
  /** Of logarithms. */
  readonly forest: Lean;
}

const MINIMUM_ROWS = 5;

/**
 * Random forest of ml-random-forest on the logarithms of the figures: errors count in proportion, so that low figures
 * are not lost among high ones. `fit` throws where figures are not above 0.
 */
export default defineModel({
  id: "random-forest-log",
  title: "Random forest of logarithms",
  comparisonOnly: true,
  minimumRows: MINIMUM_ROWS,
  fit(training, seed): State {
    checkTraining(training, { model: "the random forest of logarithms", minimumRows: MINIMUM_ROWS, positive: true });
    checkSeed(seed);
    const { factors, x, y } = training;
    return { factors, forest: trainForest({ factors, x, y: y.map(Math.log) }, seed) };
  },
  predict(state, x) {
    const { factors, forest } = state as State;
    checkLevels(factors, x);
    return askForest(forest, x).map(Math.exp);
  },
});
