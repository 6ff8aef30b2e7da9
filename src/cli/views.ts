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

/** The overview table of trials, in the order of their levels, not of their execution. */
export function tableOf(records: readonly TrialRecord[], terminal: Terminal): string {
  return drawTable(trialTable(records.toSorted(byLevels)), terminal);
}

function byLevels({ point: a }: TrialRecord, { point: b }: TrialRecord): number {
  for (const { read } of FACTORS) {
    const [left = 0, right = 0] = [read(a), read(b)];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** What to draw; without `by` each factor that varies gets lines of its own. */
export type ChartWish = Omit<SeriesQuery, "by"> & Partial<Pick<SeriesQuery, "by">>;

/** A chart of one figure against one factor. */
export function chartOf(records: readonly TrialRecord[], wish: ChartWish, terminal: Terminal): string {
  return drawChart(trialChart(records, withSeries(records, wish)), { ...terminal, height: chartHeight });
}

/** A wish with the factors that get a line each. */
export function withSeries(records: readonly TrialRecord[], { by, ...wish }: ChartWish): SeriesQuery {
  const varied = variedFactors(records).filter((name) => name !== wish.x);
  return { ...wish, by: by ?? (varied.length > 0 ? varied : ["proxy"]) };
}

function variedFactors(records: readonly TrialRecord[]): FactorName[] {
  const names = FACTORS.filter(({ read }) => new Set(records.map(({ point }) => read(point))).size > 1);
  return names.map(({ name }) => name);
}
