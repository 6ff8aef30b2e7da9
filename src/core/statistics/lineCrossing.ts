import { mean } from "./means.ts";
import { studentQuantile } from "./quantiles.ts";

/** Where a falling line crosses 0. */
export interface LineCrossing {
  readonly estimate: number;
  /** Two-sided interval of the crossing. */
  readonly low: number;
  readonly high: number;
  /** From here on one further value lies below 0 with the confidence: one-sided. */
  readonly forNext: number;
}

/** Two values leave nothing to judge the line by. */
const fewest = 4;

/**
 * The crossing of 0 by the least squares line through some values, with its interval by the delta method, and where a
 * further value is below 0 with the confidence. `undefined` for fewer than four values, and where the line does not fall.
 * Source: C. Osborne, Statistical calibration: a review, International Statistical Review 59 (1991).
 */
export function lineCrossing(
  points: readonly { readonly x: number; readonly y: number }[],
  confidence: number,
): LineCrossing | undefined {
  if (points.length < fewest) return undefined;
  const [centreX, centreY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const sxx = points.reduce((sum, { x }) => sum + (x - centreX) ** 2, 0);
  const sxy = points.reduce((sum, { x, y }) => sum + (x - centreX) * (y - centreY), 0);
  const slope = sxy / sxx;
  if (!(slope < 0)) return undefined;
  const degrees = points.length - 2;
  const residuals = points.reduce((sum, { x, y }) => sum + (y - centreY - slope * (x - centreX)) ** 2, 0);
  const perSlope = Math.sqrt(residuals / degrees) / -slope;
  const estimate = centreX - centreY / slope;
  const leverage = 1 / points.length + (estimate - centreX) ** 2 / sxx;
  const half = studentQuantile(confidence, degrees) * perSlope * Math.sqrt(leverage);
  // studentQuantile is two-sided: 90 % on one side are 80 % on both.
  const oneSided = studentQuantile(2 * confidence - 1, degrees);
  const forNext = estimate + oneSided * perSlope * Math.sqrt(1 + leverage);
  return { estimate, low: estimate - half, high: estimate + half, forNext };
}
