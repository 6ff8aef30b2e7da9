import type { Figure } from "../../domain/figures.ts";
import { isFigure } from "../../domain/format.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { geometricMean, logInterval, median, type Spread } from "../index.ts";

/** The middle of a figure and the range around it, as far as they are known. */
interface Centre {
  readonly y?: number;
  readonly low?: number;
  readonly high?: number;
}

/**
 * A figure of trials at one level: the geometric mean of rates, whose ratios count, and the median of all other figures,
 * which a single odd trial does not move. The range is the 95 % interval if it is known how runs of one configuration
 * differ, else that of two or more trials.
 */
export function centreOf(records: readonly TrialRecord[], { of, unit }: Figure, spread: Spread | undefined): Centre {
  const values = records.map(of).filter(isFigure);
  if (values.length === 0) return {};
  const y = unit.endsWith("/s") ? geometricMean(values) : median(values);
  if (spread && y > 0) {
    const { low, high } = logInterval(y, values.length, spread);
    return { y, low, high: unit === "share" ? Math.min(1, high) : high };
  }
  return values.length > 1 ? { y, low: Math.min(...values), high: Math.max(...values) } : { y };
}
