import { Matrix, solve } from "ml-matrix";
import { defineModel, type ModelParameter, type Training } from "../../core/contract/index.ts";
import { type Axis, axesOf, coordinates } from "./shared/axes.ts";
import { checkTraining } from "./shared/check.ts";
import { inOrder } from "./shared/order.ts";

interface State {
  readonly axes: readonly Axis[];
  /** Logarithm of the figure at the mean of all axes. */
  readonly centre: number;
  /** What a step along each axis adds to the logarithm of the figure. */
  readonly slopes: readonly number[];
  /** Root-mean-square of what is left over, in logarithms. */
  readonly scatter: number;
}

const MINIMUM_ROWS = 3;

/**
 * Linear regression by least squares: the logarithm of the figure on the logarithms of the factors (factors with levels
 * at or below 0: as they are). That is a product of powers, `figure = c * cpu^a * servers^b ...`: errors are
 * proportional and figures stay above 0. Of factors that rise and fall together, the smallest slopes that fit are taken.
 * `fit` throws where figures are not above 0, or where there are fewer than two rows more than slopes.
 */
export default defineModel({
  id: "linear",
  title: "Linear regression of logarithms",
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { axes, centre, slopes } = state as State;
    return x.map((row) => Math.exp(centre + dot(slopes, coordinates(axes, row))));
  },
  explain: (state) => explain(state as State),
});

function fit(training: Training): State {
  checkTraining(training, { model: "linear regression", minimumRows: MINIMUM_ROWS, positive: true });
  const { factors, x, y } = inOrder(training);
  const axes = axesOf({ factors, x, y });
  const needed = axes.length + 2;
  if (y.length < needed)
    throw new Error(`linear regression of ${axes.length} factors needs ${needed} rows, got ${y.length}`);
  const z = x.map((row) => coordinates(axes, row));
  const v = y.map(Math.log);
  const [centre = 0, ...slopes] = solve(
    new Matrix(z.map((row) => [1, ...row])),
    Matrix.columnVector(v),
    true,
  ).to1DArray();
  const squares = z.map((row, i) => (v[i]! - centre - dot(slopes, row)) ** 2);
  return { axes, centre, slopes, scatter: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / y.length) };
}

function explain({ axes, centre, slopes, scatter }: State): ModelParameter[] {
  const effects = axes.map(({ factor, log, deviation }, i) =>
    log
      ? { name: `exponent of ${factor}`, value: slopes[i]! / deviation, unit: "" }
      : { name: `change per unit of ${factor}`, value: 100 * Math.expm1(slopes[i]! / deviation), unit: "%" },
  );
  return [
    { name: "figure at the middle of the rows", value: Math.exp(centre), unit: "unit of the figure" },
    ...effects,
    { name: "scatter", value: 100 * scatter, unit: "%" },
  ];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
