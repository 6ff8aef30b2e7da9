import { type Lean, predictLean } from "./ml-random-forest/lean.ts";
import { trainForest } from "./ml-random-forest/wrapper.ts";
import { modelOnLevels } from "./shared/define.ts";

/**
 * Random forest of ml-random-forest on the logarithms of the figures: errors count in proportion, so that low figures
 * are not lost among high ones. `fit` throws where figures are not above 0.
 */
export default modelOnLevels<{ readonly forest: Lean }>({
  id: "random-forest-log",
  title: "Random forest of logarithms",
  learner: "the random forest of logarithms",
  comparisonOnly: true,
  minimumRows: 5,
  unsorted: true,
  fit: (training, seed) => ({ forest: trainForest({ ...training, y: training.y.map(Math.log) }, seed) }),
  predict: ({ forest }, x) => predictLean(forest, x).map(Math.exp),
});
