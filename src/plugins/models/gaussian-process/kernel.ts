import { Matrix } from "ml-matrix";

/** Length along each axis over which values stay alike, and the variance of the noise in parts of that of the values. */
export interface Kernel {
  readonly lengths: readonly number[];
  readonly noise: number;
}

/** Matérn's correlation with smoothness 5/2 at a squared distance in lengths. */
export function matern(squared: number): number {
  const r = Math.sqrt(5 * squared);
  return (1 + r + (5 / 3) * squared) * Math.exp(-r);
}

/** Correlations of two points. */
export function correlation(lengths: readonly number[], a: readonly number[], b: readonly number[]): number {
  let squared = 0;
  for (let axis = 0; axis < lengths.length; axis++) squared += ((a[axis]! - b[axis]!) / lengths[axis]!) ** 2;
  return matern(squared);
}

/** Gives the correlations of points with each other, noise included, for kernels that are tried one after the other. */
export function correlations(points: readonly (readonly number[])[]): (kernel: Kernel) => Matrix {
  const pairs = points.flatMap((a, i) => points.slice(0, i).map((b) => [a, b] as const));
  const axes = (points[0] ?? []).map((_, axis) => Float64Array.from(pairs, ([a, b]) => (a[axis]! - b[axis]!) ** 2));
  return ({ lengths, noise }) => {
    const squared = new Float64Array(pairs.length);
    axes.forEach((differences, axis) => {
      const factor = 1 / lengths[axis]! ** 2;
      for (let pair = 0; pair < squared.length; pair++) squared[pair]! += differences[pair]! * factor;
    });
    const matrix = new Matrix(points.length, points.length);
    for (let i = 0, pair = 0; i < points.length; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const value = matern(squared[pair]!);
        matrix.set(i, j, value);
        matrix.set(j, i, value);
      }
      matrix.set(i, i, 1 + noise);
    }
    return matrix;
  };
}
