import { likelihoodWeights } from "./means.ts";

/** A mean at one place of a curve, and the variance of its error. */
export interface CurveLevel {
  readonly x: number;
  readonly y: number;
  readonly variance: number;
}

/** The levels of a curve as its neighbours make them likely. */
export interface SmoothCurve {
  readonly levels: readonly { readonly y: number; readonly variance: number }[];
  /** What other figures of the levels become by the same weights: smoothing is linear. */
  smooth(values: readonly number[]): number[];
}

/** Standard deviations that levels may have around the parabola: from the least that is believed to very much. */
const deviations = Array.from({ length: 13 }, (_, step) => 0.015 * 2 ** (step / 2));
const coefficients = 3;

/**
 * Levels of a curve that is a parabola but for a deviation of each level. The deviations' size is not known: the answer
 * is the mean over candidates by their restricted likelihood, each giving the best linear prediction (kriging), and its
 * variance holds the differences between them. Where levels lie off the parabola by more than their errors explain, each keeps its own value.
 * Source: D. Harville, Maximum likelihood approaches to variance component estimation, JASA 72 (1977).
 */
export function smoothCurve(levels: readonly CurveLevel[]): SmoothCurve {
  const fits = deviations.map((deviation) => fitOf(levels, deviation));
  const weights = likelihoodWeights(fits.map(({ likelihood }) => likelihood));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const average = (of: (fit: Fit) => number) => fits.reduce((sum, fit, at) => sum + weights[at]! * of(fit), 0) / total;
  const smooth = (values: readonly number[]) => {
    const each = new Map(fits.map((fit) => [fit, fit.predict(values)]));
    return values.map((_, index) => average((fit) => each.get(fit)![index]!));
  };
  const ys = levels.map(({ y }) => y);
  const predictions = new Map(fits.map((fit) => [fit, fit.predict(ys)]));
  const smoothed = ys.map((_, index) => {
    const y = average((fit) => predictions.get(fit)![index]!);
    const variance = average((fit) => fit.variances[index]! + (predictions.get(fit)![index]! - y) ** 2);
    return { y, variance };
  });
  return { levels: smoothed, smooth };
}

interface Fit {
  readonly likelihood: number;
  readonly variances: readonly number[];
  predict(values: readonly number[]): number[];
}

function fitOf(levels: readonly CurveLevel[], deviation: number): Fit {
  const weights = levels.map(({ variance }) => 1 / (deviation ** 2 + variance));
  const { through, errors, logDeterminant } = parabola(
    levels.map(({ x }) => x),
    weights,
  );
  const kept = weights.map((weight) => weight * deviation ** 2);
  const around = through(levels.map(({ y }) => y));
  const misfit = levels.reduce(
    (sum, { y }, at) => sum + weights[at]! * (y - around[at]!) ** 2 - Math.log(weights[at]!),
    0,
  );
  return {
    likelihood: -(misfit + logDeterminant) / 2,
    variances: levels.map(({ variance }, at) => kept[at]! * variance + (1 - kept[at]!) ** 2 * errors[at]!),
    predict: (values) => through(values).map((value, at) => value + kept[at]! * (values[at]! - value)),
  };
}

/** Weighted least squares by polynomials that are orthogonal under the weights, so that nothing has to be inverted. */
function parabola(x: readonly number[], weights: readonly number[]) {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + weights[at]! * value * b[at]!, 0);
  const basis: { values: number[]; norm: number }[] = [];
  for (let power = 0; power < coefficients; power++) {
    let values = power === 0 ? x.map(() => 1) : basis[power - 1]!.values.map((value, at) => value * x[at]!);
    for (const { values: other, norm } of basis) {
      const share = dot(values, other) / norm;
      values = values.map((value, at) => value - share * other[at]!);
    }
    basis.push({ values, norm: dot(values, values) });
  }
  return {
    through: (y: readonly number[]) => {
      const shares = basis.map(({ values, norm }) => dot(values, y) / norm);
      return x.map((_, at) => basis.reduce((sum, { values }, power) => sum + shares[power]! * values[at]!, 0));
    },
    /** Variance of the parabola at each place. */
    errors: x.map((_, at) => basis.reduce((sum, { values, norm }) => sum + values[at]! ** 2 / norm, 0)),
    logDeterminant: basis.reduce((sum, { norm }) => sum + Math.log(norm), 0),
  };
}
