import type { Validation } from "./crossValidation.ts";
import { rowsNeeded } from "./intervals.ts";

/** How the intervals of a model would have done on rows that it had not seen. */
export interface Coverage {
  readonly confidence: number;
  /** Share of the rows that lie within their interval. */
  readonly share: number;
  /** Median of high / low. */
  readonly width: number;
}

/**
 * Each row is judged by an interval from the errors of the rows of the other folds, on logarithms. `undefined` where these
 * are too few for the confidence, or the model predicts no figure above 0.
 */
export function coverageOf(
  { predicted, folds }: Validation,
  measured: readonly number[],
  confidence: number,
): Coverage | undefined {
  if (predicted.some((figure) => !(figure > 0))) return undefined;
  const errors = measured.map((figure, row) => Math.abs(Math.log(figure / predicted[row]!)));
  const limits = errors.map((_, row) =>
    limitOf(
      errors.filter((_, other) => folds[other] !== folds[row]),
      confidence,
    ),
  );
  if (limits.some((limit) => limit === undefined)) return undefined;
  const known = limits as number[];
  const held = errors.filter((error, row) => error <= known[row]!).length;
  const widths = known.map((limit) => Math.exp(2 * limit)).sort((a, b) => a - b);
  return { confidence, share: held / errors.length, width: widths[widths.length >> 1]! };
}

function limitOf(errors: readonly number[], confidence: number): number | undefined {
  if (errors.length < rowsNeeded(confidence)) return undefined;
  return errors.toSorted((a, b) => a - b)[Math.ceil(confidence * (errors.length + 1) - 1e-9) - 1];
}
