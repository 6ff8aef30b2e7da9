import { type FittedProcess, fitProcess, predictProcess } from "./gaussian-process/process.ts";
import { lengthScales } from "./shared/axes.ts";
import { modelOnAxes } from "./shared/define.ts";
import { meanAndDeviation } from "./shared/spread.ts";

interface State {
  /** Mean logarithm of the figures. */
  readonly mean: number;
  /** Of the logarithms, from their mean. */
  readonly process: FittedProcess;
}

/** Smooth over some deviations of the factors; noise of a twentieth of the scatter of the figures or so. */
const EXPECTED = { length: [Math.log(4), 1], noise: [Math.log(0.005), 1.5] } as const;

/**
 * Gaussian process on the logarithm of the figure, along standardised factors (in logarithms where their levels are
 * above 0): a smooth surface through the rows as far as noise allows, which returns to their mean far away from them.
 * `fit` throws where figures are not above 0.
 */
export default modelOnAxes<State>({
  id: "gaussian-process",
  title: "Gaussian process",
  learner: "the Gaussian process",
  minimumRows: 4,
  fit({ points, logs }) {
    const { mean } = meanAndDeviation(logs);
    const misses = logs.map((log) => log - mean);
    return { mean, process: fitProcess(points, misses, EXPECTED) };
  },
  predict: ({ mean, process }, point) => mean + predictProcess(process, point),
  explain: ({ axes, process }) => [
    ...lengthScales(axes, process.lengths),
    { name: "noise", value: 100 * process.noiseDeviation, unit: "%" },
  ],
});
