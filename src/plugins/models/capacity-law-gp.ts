import { defineModel, type ModelParameter, type Training } from "../../core/contract/index.ts";
import { explain as explainLaw } from "./capacity-law/explain.ts";
import { fitState, type LawState, predictState } from "./capacity-law/state.ts";
import { fitProcess, type Process, predictProcess } from "./gaussian-process/process.ts";
import { type Axis, axesOf, coordinates } from "./shared/axes.ts";
import { checkTraining } from "./shared/check.ts";
import { lengthScales } from "./shared/lengthScales.ts";
import { inOrder } from "./shared/order.ts";

interface State {
  readonly law: LawState;
  readonly axes: readonly Axis[];
  /** Of the logarithm of the measured figure over that of the law. */
  readonly process: Process;
}

const MINIMUM_ROWS = 6;
/** Little is expected to be left over but noise. */
const EXPECTED = { length: [Math.log(4), 1], noise: [Math.log(0.3), 1.5] } as const;

/**
 * The capacity law, corrected by a Gaussian process on what it leaves over: where the rows do not quite follow the law
 * it follows the rows, and far away from them the law. All factors that vary count in the correction, also those that
 * the law does not know. It may bend down where CPU rises, which the law does not. `fit` throws where figures or
 * factors that the law knows are not above 0.
 */
export default defineModel({
  id: "capacity-law-gp",
  title: "Capacity law with Gaussian process",
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { law, axes, process } = state as State;
    const lawful = predictState(law, x);
    return x.map((row, i) => lawful[i]! * Math.exp(predictProcess(process, coordinates(axes, row))));
  },
  explain: (state) => explain(state as State),
});

function fit(training: Training): State {
  const model = "the capacity law with Gaussian process";
  checkTraining(training, { model, minimumRows: MINIMUM_ROWS, positive: true });
  const { factors, x, y } = inOrder(training);
  const law = fitState({ factors, x, y });
  const axes = axesOf({ factors, x, y });
  const lawful = predictState(law, x);
  const misses = y.map((figure, i) => Math.log(figure / lawful[i]!));
  const points = x.map((row) => coordinates(axes, row));
  return { law, axes, process: fitProcess(points, misses, EXPECTED) };
}

function explain({ law, axes, process }: State): ModelParameter[] {
  return [
    ...explainLaw(law),
    ...lengthScales(axes, process.lengths),
    { name: "correction", value: 100 * process.deviation, unit: "%" },
    { name: "noise", value: 100 * process.noiseDeviation, unit: "%" },
  ];
}
