import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { correlation, correlations, type Kernel } from "./kernel.ts";
import { minimise } from "./nelderMead.ts";

/** A Gaussian process with mean 0, fitted: plain data. */
export interface FittedProcess extends Kernel {
  readonly points: readonly (readonly number[])[];
  /** What each point adds to a value, in parts of its correlation with the place asked about. */
  readonly weights: readonly number[];
  /** Standard deviation of the values, and of the noise on them. */
  readonly deviation: number;
  readonly noiseDeviation: number;
}

/** What is expected of lengths (in standard deviations of the points) and noise: mean and deviation of the logarithm. */
export interface Expected {
  readonly length: readonly [mean: number, deviation: number];
  readonly noise: readonly [mean: number, deviation: number];
}

const SEARCH = { step: 0.7, tolerance: 1e-2, evaluations: 200 };

/**
 * Gaussian process regression with Matérn's kernel (5/2) and a length for each axis: Rasmussen and Williams, "Gaussian
 * Processes for Machine Learning" (2006), algorithm 2.1. Lengths and noise are those of the highest marginal likelihood
 * (section 5.4) times what is expected of them; the variance that suits them best follows from both.
 */
export function fitProcess(
  points: readonly (readonly number[])[],
  values: readonly number[],
  expected: Expected,
): FittedProcess {
  const column = Matrix.columnVector([...values]);
  const axes = points[0]!.length;
  const evaluate = (logs: readonly number[]) => {
    const solved = solve(correlations(points, kernelOf(logs)), column);
    if (!solved) return Infinity;
    return (values.length * Math.log(solved.variance) + solved.logDeterminant) / 2 + surprise(logs, expected);
  };
  const start = [...new Array<number>(axes).fill(expected.length[0]), expected.noise[0]];
  const kernel = kernelOf(minimise(evaluate, start, SEARCH).at);
  const { weights, variance } = solve(correlations(points, kernel), column)!;
  const deviation = Math.sqrt(variance);
  return { ...kernel, points, weights, deviation, noiseDeviation: deviation * Math.sqrt(kernel.noise) };
}

/** The value expected at a place. */
export function predictProcess({ lengths, points, weights }: FittedProcess, at: readonly number[]): number {
  return points.reduce((sum, point, i) => sum + weights[i]! * correlation(lengths, point, at), 0);
}

function kernelOf(logs: readonly number[]): Kernel {
  // The least noise keeps matrices of points that lie close together positive definite.
  return { lengths: logs.slice(0, -1).map(Math.exp), noise: 1e-8 + Math.exp(logs.at(-1)!) };
}

/** Half the squared distance from what is expected, in deviations. */
function surprise(logs: readonly number[], { length, noise }: Expected): number {
  const squares = logs.map((log, i) => {
    const [mean, deviation] = i < logs.length - 1 ? length : noise;
    return ((log - mean) / deviation) ** 2;
  });
  return squares.reduce((sum, square) => sum + square, 0) / 2;
}

function solve(matrix: Matrix, column: Matrix) {
  const cholesky = new CholeskyDecomposition(matrix);
  if (!cholesky.isPositiveDefinite()) return undefined;
  const weights = cholesky.solve(column).to1DArray();
  const misfit = weights.reduce((sum, weight, i) => sum + weight * column.get(i, 0), 0);
  const diagonal = cholesky.lowerTriangularMatrix.diagonal();
  const logDeterminant = 2 * diagonal.reduce((sum, value) => sum + Math.log(value), 0);
  // Values that are all 0 have a variance of 0, whose logarithm would end the search.
  return { weights, logDeterminant, variance: Math.max(misfit / weights.length, 1e-24) };
}
