import type { Chart, ChartPoint } from "../cells/chartData.ts";
import { findFactor } from "../domain/factors.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { Band } from "../domain/summary.ts";
import type { SeriesQuery } from "./series.ts";
import { trialChart } from "./trialChart.ts";

/** The rates of trials with the band of each configuration, which must be in `bands` once for each series and x. */
export function bandChart(
  records: readonly TrialRecord[],
  bands: readonly Band[],
  query: Omit<SeriesQuery, "y">,
): Chart {
  const chart = trialChart(records, { ...query, y: "requestsPerSecond" });
  const [x, by] = [findFactor(query.x), query.by.map((name) => findFactor(name))];
  const placeOf = (series: string, at: number | undefined) => `${series}\n${at}`;
  const bandAt = new Map(
    bands.map((band) => [placeOf(by.map(({ describe }) => describe(band.point)).join(", "), x.read(band.point)), band]),
  );
  const series = chart.series.map(({ name, points }) => {
    const curve = points.map((point) => withBand(point, bandAt.get(placeOf(name, point.x))));
    return { name, points: curve.map(({ low: _, high: __, ...point }) => point), curve };
  });
  return { ...chart, series, bands: "95 % band" };
}

function withBand(point: ChartPoint, band: Band | undefined): ChartPoint {
  if (!band) return point;
  const { estimate, low, high } = band.smooth;
  return { ...point, y: estimate, low, high };
}
