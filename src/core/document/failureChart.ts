import type { Chart } from "../cells/chartData.ts";
import type { FactorName } from "../domain/factors.ts";
import { findFactor } from "../domain/factors.ts";
import type { TrialRecord } from "../domain/record.ts";
import { failuresOf } from "../statistics/trials/failures.ts";
import { trialChart } from "../views/trialChart.ts";

/** Failed requests against CPU bandwidth as a share of those sent: their number rises with the number sent. */
export function failureChart(records: readonly TrialRecord[], by: readonly FactorName[]): Chart {
  const chart = trialChart(records, { x: "cpu", y: "failedShare", by });
  const groups = Map.groupBy(records, ({ point }) => by.map((name) => findFactor(name).describe(point)).join(", "));
  return {
    ...chart,
    title: "failed requests as a share of those sent, against CPU bandwidth",
    whiskers: "95 % interval (Wilson)",
    series: chart.series.map(({ name, points }) => ({
      name,
      points: points.map((point) => {
        const own = (groups.get(name) ?? records).filter(({ point: { cpu } }) => cpu === point.x);
        const share = failuresOf(own)?.share;
        return { ...point, y: share?.estimate, low: share?.low, high: share?.high };
      }),
    })),
  };
}
