import { modelOf } from "./shared/define.ts";
import { meanAndDeviation } from "./shared/spread.ts";

/** The mean of the figures, whatever the levels: what any other model must do better than. */
export default modelOf({
  id: "mean",
  title: "Mean",
  learner: "the mean",
  comparisonOnly: true,
  minimumRows: 1,
  anyFigures: true,
  fit: ({ y }) => meanAndDeviation(y),
  predict: ({ mean }, x) => x.map(() => mean),
  explain: ({ mean, deviation }) => [
    { name: "mean", value: mean, unit: "unit of the figure" },
    { name: "standard deviation", value: deviation, unit: "unit of the figure" },
  ],
});
