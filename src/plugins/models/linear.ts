import { Matrix, solve } from "ml-matrix";
import { modelOnAxes, type Placed } from "./shared/define.ts";

interface State {
  /** Logarithm of the figure at the mean of all axes. */
  readonly centre: number;
  /** What a step along each axis adds to the logarithm of the figure. */
  readonly slopes: readonly number[];
  /** Root-mean-square of what is left over, in logarithms. */
  readonly scatter: number;
}

/**
 * Linear regression by least squares: the logarithm of the figure on the logarithms of the factors (factors with levels
 * at or below 0: as they are). That is a product of powers, `figure = c * cpu^a * servers^b ...`: errors are
 * proportional and figures stay above 0. Of factors that rise and fall together, the smallest slopes that fit are taken.
 * `fit` throws where figures are not above 0, or where there are fewer than two rows more than slopes.
 */
export default modelOnAxes<State>({
  id: "linear",
  title: "Linear regression of logarithms",
  learner: "linear regression",
  minimumRows: 3,
  fit,
  predict: ({ centre, slopes }, point) => centre + dot(slopes, point),
  explain({ axes, centre, slopes, scatter }) {
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
  },
});

function fit({ axes, points, logs }: Placed): State {
  const needed = axes.length + 2;
  if (logs.length < needed)
    throw new Error(`linear regression of ${axes.length} factors needs ${needed} rows, got ${logs.length}`);
  const features = new Matrix(points.map((point) => [1, ...point]));
  const [centre = 0, ...slopes] = solve(features, Matrix.columnVector([...logs]), true).to1DArray();
  const squares = points.map((point, i) => (logs[i]! - centre - dot(slopes, point)) ** 2);
  return { centre, slopes, scatter: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / logs.length) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
