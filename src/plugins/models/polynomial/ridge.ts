import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { meanAndDeviation } from "../shared/spread.ts";

/** A linear model in features that were centred and scaled. */
export interface Ridge {
  readonly centre: number;
  /** Mean and standard deviation of each feature; 1 where it does not vary. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** What a standard deviation of each feature adds. */
  readonly weights: readonly number[];
  /** Root-mean-square error on rows left out one at a time. */
  readonly heldOutError: number;
}

/** Penalties tried, per row. */
const PENALTIES = Array.from({ length: 15 }, (_, i) => 10 ** (-6 + i / 2));

/**
 * Ridge regression (Hoerl and Kennard, 1970). Of some penalties it takes the one with the least error on rows left out
 * one at a time, which a single decomposition gives for all of them (Golub, Heath and Wahba, "Generalized
 * cross-validation as a method for choosing a good ridge parameter", 1979).
 */
export function fitRidge(features: readonly (readonly number[])[], values: readonly number[]): Ridge {
  const { means, deviations, scaled } = standardise(features);
  const centre = meanAndDeviation(values).mean;
  const svd = new SingularValueDecomposition(scaled, { autoTranspose: true });
  const [u, v, singular] = [svd.leftSingularVectors, svd.rightSingularVectors, svd.diagonal];
  const projected = times(
    u.transpose(),
    values.map((value) => value - centre),
  );
  /** Each row's error with itself is stretched to what it would be without it, by its leverage. */
  const heldOutError = (kept: readonly number[]) => {
    const leverages = times(Matrix.pow(u, 2), kept);
    const fitted = times(
      u,
      kept.map((share, i) => share * projected[i]!),
    );
    const squares = values.map((value, row) => {
      const leverage = 1 / values.length + leverages[row]!;
      return ((value - centre - fitted[row]!) / Math.max(1 - leverage, 1e-9)) ** 2;
    });
    return Math.sqrt(meanAndDeviation(squares).mean);
  };
  const trials = PENALTIES.map((penalty) => {
    const kept = singular.map((s) => s ** 2 / (s ** 2 + penalty * values.length));
    return { kept, error: heldOutError(kept) };
  });
  const { kept, error } = trials.reduce((best, one) => (one.error < best.error ? one : best));
  const shrunk = singular.map((s, i) => (s > 0 ? (kept[i]! * projected[i]!) / s : 0));
  return { centre, means, deviations, weights: times(v, shrunk), heldOutError: error };
}

export function predictRidge({ centre, means, deviations, weights }: Ridge, features: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + (weight * (features[i]! - means[i]!)) / deviations[i]!, centre);
}

function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.mmul(Matrix.columnVector([...vector])).to1DArray();
}

function standardise(features: readonly (readonly number[])[]) {
  const matrix = new Matrix(features.map((row) => [...row]));
  const means = matrix.mean("column");
  const centred = matrix.subRowVector(means);
  const deviations = centred
    .standardDeviation("column", { mean: means.map(() => 0), unbiased: false })
    .map((d) => d || 1);
  return { means, deviations, scaled: centred.divRowVector(deviations) };
}
