import { Matrix } from "ml-matrix";

/** Length along each axis over which values stay alike, and the variance of the noise in parts of that of the values. */
export interface Kernel {
  readonly lengths: readonly number[];
  readonly noise: number;
}

/** Correlation of two points: Matérn's, with smoothness 5/2. */
export function correlation(lengths: readonly number[], a: readonly number[], b: readonly number[]): number {
  let squared = 0;
  for (let axis = 0; axis < lengths.length; axis++) squared += ((a[axis]! - b[axis]!) / lengths[axis]!) ** 2;
  const r = Math.sqrt(5 * squared);
  return (1 + r + (5 / 3) * squared) * Math.exp(-r);
}

/** Correlations of points with each other, noise included. */
export function correlations(points: readonly (readonly number[])[], { lengths, noise }: Kernel): Matrix {
  const matrix = new Matrix(points.length, points.length);
  points.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const value = correlation(lengths, a, points[j]!);
      matrix.set(i, j, value).set(j, i, value);
    }
    matrix.set(i, i, 1 + noise);
  });
  return matrix;
}
