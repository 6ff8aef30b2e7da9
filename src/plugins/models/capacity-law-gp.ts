import { explain as explainLaw, fitState, type LawState, predictState } from "./capacity-law/state.ts";
import { type FittedProcess, fitProcess, predictProcess } from "./gaussian-process/process.ts";
import { axesOf, coordinates, type FactorAxis, lengthScales } from "./shared/axes.ts";
import { modelOf } from "./shared/define.ts";

interface State {
  readonly law: LawState;
  readonly axes: readonly FactorAxis[];
  /** Of the logarithm of the measured figure over that of the law. */
  readonly process: FittedProcess;
}

/** Little is expected to be left over but noise. */
const EXPECTED = { length: [Math.log(4), 1], noise: [Math.log(0.3), 1.5] } as const;

/**
 * The capacity law, corrected by a Gaussian process on what it leaves over: where the rows do not quite follow the law
 * it follows the rows, and far away from them the law. All factors that vary count in the correction, also those that
 * the law does not know. It may bend down where CPU rises, which the law does not. `fit` throws where figures or
 * factors that the law knows are not above 0.
 */
export default modelOf<State>({
  id: "capacity-law-gp",
  title: "Capacity law with Gaussian process",
  learner: "the capacity law with Gaussian process",
  minimumRows: 6,
  fit(training) {
    const law = fitState(training);
    const axes = axesOf(training);
    const lawful = predictState(law, training.x);
    const misses = training.y.map((figure, i) => Math.log(figure / lawful[i]!));
    const points = training.x.map((row) => coordinates(axes, row));
    return { law, axes, process: fitProcess(points, misses, EXPECTED) };
  },
  predict({ law, axes, process }, x) {
    const lawful = predictState(law, x);
    return x.map((row, i) => lawful[i]! * Math.exp(predictProcess(process, coordinates(axes, row))));
  },
  explain: ({ law, axes, process }) => [
    ...explainLaw(law),
    ...lengthScales(axes, process.lengths),
    { name: "correction", value: 100 * process.deviation, unit: "%" },
    { name: "noise", value: 100 * process.noiseDeviation, unit: "%" },
  ],
});
