import type { TrialRecord } from "../core/records/record.ts";
import {
  drawChart,
  drawTable,
  FACTORS,
  type FactorName,
  type SeriesQuery,
  trialChart,
  trialTable,
} from "../core/report/index.ts";
import type { Terminal } from "./output.ts";

const chartHeight = 20;

/** The overview table of trials. */
export function tableOf(records: readonly TrialRecord[], terminal: Terminal): string {
  return drawTable(trialTable(records), terminal);
}

/** What to draw; without `by` each factor that varies gets lines of its own. */
export type ChartWish = Omit<SeriesQuery, "by"> & Partial<Pick<SeriesQuery, "by">>;

/** A chart of one figure against one factor. */
export function chartOf(records: readonly TrialRecord[], wish: ChartWish, terminal: Terminal): string {
  return drawChart(trialChart(records, withSeries(records, wish)), { ...terminal, height: chartHeight });
}

/** A wish with the factors that get a line each. */
export function withSeries(records: readonly TrialRecord[], { by, ...wish }: ChartWish): SeriesQuery {
  return { ...wish, by: by ?? variedFactors(records).filter((name) => name !== wish.x) };
}

function variedFactors(records: readonly TrialRecord[]): FactorName[] {
  const names = FACTORS.filter(({ read }) => new Set(records.map(({ point }) => read(point))).size > 1);
  return names.map(({ name }) => name);
}
