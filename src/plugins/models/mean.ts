import { defineModel } from "../../core/contract/index.ts";
import { checkTraining } from "./shared/check.ts";
import { inOrder } from "./shared/order.ts";
import { spread } from "./shared/spread.ts";

interface State {
  readonly mean: number;
  /** Standard deviation of the figures, in their unit. */
  readonly deviation: number;
}

const MINIMUM_ROWS = 1;

/** The mean of the figures, whatever the levels: what any other model must do better than. */
export default defineModel({
  id: "mean",
  title: "Mean",
  comparisonOnly: true,
  minimumRows: MINIMUM_ROWS,
  fit(training): State {
    checkTraining(training, { model: "the mean", minimumRows: MINIMUM_ROWS });
    return spread(inOrder(training).y);
  },
  predict: (state, x) => x.map(() => (state as State).mean),
  explain: (state) => [
    { name: "mean", value: (state as State).mean, unit: "unit of the figure" },
    { name: "standard deviation", value: (state as State).deviation, unit: "unit of the figure" },
  ],
});
