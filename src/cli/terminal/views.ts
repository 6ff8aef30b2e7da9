import type { TrialRecord } from "../../core/domain/record.ts";
import {
  type ChartWish,
  drawChart,
  drawTable,
  FACTORS,
  seriesQuery,
  trialChart,
  trialTable,
} from "../../core/views/index.ts";
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

/** A chart of one figure against one factor. */
export function chartOf(records: readonly TrialRecord[], wish: ChartWish, terminal: Terminal): string {
  return drawChart(trialChart(records, seriesQuery(records, wish)), { ...terminal, height: chartHeight });
}
