import { defineModel } from "../../core/contract/index.ts";
import type { Lean } from "./ml-random-forest/lean.ts";
import { askForest, trainForest } from "./ml-random-forest/wrapper.ts";
import { checkLevels, checkSeed, checkTraining } from "./shared/check.ts";

interface State {
  readonly factors: readonly string[];
  readonly forest: Lean;
}

const MINIMUM_ROWS = 5;

/** Random forest of ml-random-forest, on the figures as measured, which may be any numbers. */
export default defineModel({
  id: "random-forest",
  title: "Random forest",
  comparisonOnly: true,
  minimumRows: MINIMUM_ROWS,
  fit(training, seed): State {
    checkTraining(training, { model: "the random forest", minimumRows: MINIMUM_ROWS });
    checkSeed(seed);
    return { factors: training.factors, forest: trainForest(training, seed) };
  },
  predict(state, x) {
    const { factors, forest } = state as State;
    checkLevels(factors, x);
    return askForest(forest, x);
  },
});
