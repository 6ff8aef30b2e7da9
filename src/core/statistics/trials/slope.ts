import { settingWithout } from "../../domain/factors.ts";
import type { Reading } from "../../domain/figures.ts";
import { isFigure } from "../../domain/format.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { median } from "../index.ts";

/**
 * Median of the slopes between all pairs of trials that differ in nothing but the CPU limit, per core.
 * Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).
 */
export function medianSlope(records: readonly TrialRecord[], figure: Reading): number | undefined {
  const strata = [...Map.groupBy(records, settingWithout("cpu")).values()];
  const slopes = strata.flatMap((trials) =>
    trials.flatMap((a, index) =>
      trials.slice(index + 1).flatMap((b) => {
        const [one, other] = [figure(a), figure(b)];
        const distance = b.point.cpu - a.point.cpu;
        return isFigure(one) && isFigure(other) && distance !== 0 ? [(other - one) / distance] : [];
      }),
    ),
  );
  return slopes.length === 0 ? undefined : median(slopes);
}
