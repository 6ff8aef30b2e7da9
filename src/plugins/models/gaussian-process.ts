import { defineModel, type ModelParameter, type Training } from "../../core/contract/index.ts";
import { fitProcess, type Process, predictProcess } from "./gaussian-process/process.ts";
import { type Axis, axesOf, coordinates } from "./shared/axes.ts";
import { checkTraining } from "./shared/check.ts";
import { lengthScales } from "./shared/lengthScales.ts";
import { inOrder } from "./shared/order.ts";
import { spread } from "./shared/spread.ts";

interface State {
  readonly axes: readonly Axis[];
  /** Mean logarithm of the figures. */
  readonly mean: number;
  /** Of the logarithms, from their mean. */
  readonly process: Process;
}

const MINIMUM_ROWS = 4;
/** Smooth over some deviations of the factors; noise of a twentieth of the scatter of the figures or so. */
const EXPECTED = { length: [Math.log(4), 1], noise: [Math.log(0.005), 1.5] } as const;

/**
 * Gaussian process on the logarithm of the figure, along standardised factors (in logarithms where their levels are
 * above 0): a smooth surface through the rows as far as noise allows, which returns to their mean far away from them.
 * `fit` throws where figures are not above 0.
 */
export default defineModel({
  id: "gaussian-process",
  title: "Gaussian process",
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { axes, mean, process } = state as State;
    return x.map((row) => Math.exp(mean + predictProcess(process, coordinates(axes, row))));
  },
  explain: (state) => explain(state as State),
});

function fit(training: Training): State {
  checkTraining(training, { model: "the Gaussian process", minimumRows: MINIMUM_ROWS, positive: true });
  const { factors, x, y } = inOrder(training);
  const axes = axesOf({ factors, x, y });
  const logs = y.map(Math.log);
  const { mean } = spread(logs);
  const points = x.map((row) => coordinates(axes, row));
  return {
    axes,
    mean,
    process: fitProcess(
      points,
      logs.map((log) => log - mean),
      EXPECTED,
    ),
  };
}

function explain({ axes, process }: State): ModelParameter[] {
  return [...lengthScales(axes, process.lengths), { name: "noise", value: 100 * process.noiseDeviation, unit: "%" }];
}
