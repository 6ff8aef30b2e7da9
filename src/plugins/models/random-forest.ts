import { type Lean, predictLean } from "./ml-random-forest/lean.ts";
import { trainForest } from "./ml-random-forest/wrapper.ts";
import { modelOnLevels } from "./shared/define.ts";

/** Random forest of ml-random-forest, on the figures as measured, which may be any numbers. */
export default modelOnLevels<{ readonly forest: Lean }>({
  id: "random-forest",
  title: "Random forest",
  learner: "the random forest",
  comparisonOnly: true,
  minimumRows: 5,
  anyFigures: true,
  unsorted: true,
  fit: (training, seed) => ({ forest: trainForest(training, seed) }),
  predict: ({ forest }, x) => predictLean(forest, x),
});
