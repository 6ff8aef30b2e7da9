import type { Chart } from "../cells/chartData.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SeriesQuery } from "./series.ts";
import { trialChart } from "./trialChart.ts";

/** The rates of trials with the bands of their configurations along the lines, as `trialChart` has them at the points. */
export function bandChart(records: readonly TrialRecord[], query: Omit<SeriesQuery, "y">): Chart {
  const chart = trialChart(records, { ...query, y: "requestsPerSecond" });
  const series = chart.series.map(({ name, points }) => ({
    name,
    points: points.map(({ low: _, high: __, ...point }) => point),
    curve: points,
  }));
  return { ...chart, series, bands: "95 % band" };
}
