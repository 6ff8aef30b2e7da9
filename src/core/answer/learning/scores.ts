import { mean, median } from "../../statistics/index.ts";

/** How far predictions are from what was measured. Root-mean-square and mean errors are in the unit of the figure. */
export interface Scores {
  /** Share of the variance explained; absent where all measured figures are alike. Below 0: worse than their mean. */
  readonly r2?: number;
  readonly rmse: number;
  readonly mae: number;
  /** Mean and median of |predicted - measured| / measured, as fractions. */
  readonly mape: number;
  readonly medianApe: number;
}

export function score(measured: readonly number[], predicted: readonly number[]): Scores {
  const errors = measured.map((figure, i) => Math.abs(predicted[i]! - figure));
  const relative = errors.map((error, i) => error / measured[i]!);
  const centre = mean(measured);
  const spread = measured.reduce((sum, figure) => sum + (figure - centre) ** 2, 0);
  const missed = errors.reduce((sum, error) => sum + error ** 2, 0);
  return {
    ...(spread > 0 && { r2: 1 - missed / spread }),
    rmse: Math.sqrt(missed / measured.length),
    mae: mean(errors),
    mape: mean(relative),
    medianApe: median(relative),
  };
}
