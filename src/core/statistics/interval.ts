import { normalQuantile } from "./quantiles.ts";

/** A figure with the range that holds the true one with probability `confidence` (0 to 1). */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

export const usualConfidence = 0.95;

/**
 * A share of independent trials, such as failed of all requests; `undefined` for no trials.
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 */
export function shareInterval(hits: number, trials: number, confidence = usualConfidence): Interval | undefined {
  if (trials <= 0) return undefined;
  const z = normalQuantile((1 + confidence) / 2);
  const share = hits / trials;
  const centre = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z * Math.sqrt((share * (1 - share)) / trials + (z / (2 * trials)) ** 2)) / (1 + z ** 2 / trials);
  return {
    estimate: share,
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === trials ? 1 : Math.min(1, centre + half),
    confidence,
  };
}

/**
 * A correlation coefficient by Fisher's transformation, whose value has the variance 1 / (n - 3) for Pearson's and
 * (1 + r^2 / 2) / (n - 3) for Spearman's coefficient; `undefined` for fewer than four pairs, and at -1 and 1, where the
 * transformation has no finite value.
 * Source: D. Bonett and T. Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
 * Psychometrika 65 (2000).
 */
export function correlationInterval(
  kind: "pearson" | "spearman",
  r: number,
  n: number,
  confidence = usualConfidence,
): Pick<Interval, "low" | "high"> | undefined {
  if (n < 4 || Math.abs(r) > 1 - 1e-12) return undefined;
  const variance = (kind === "pearson" ? 1 : 1 + r ** 2 / 2) / (n - 3);
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  return { low: Math.tanh(Math.atanh(r) - half), high: Math.tanh(Math.atanh(r) + half) };
}
