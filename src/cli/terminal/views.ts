import { drawChart } from "../../core/cells/chart.ts";
import { drawTable } from "../../core/cells/table.ts";
import { byLevels, FACTORS } from "../../core/domain/factors.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import { type ChartWish, seriesQuery } from "../../core/views/series.ts";
import { trialChart } from "../../core/views/trialChart.ts";
import { trialTable } from "../../core/views/trialTable.ts";
import type { Terminal } from "./output.ts";

const chartHeight = 20;

/** The overview table of trials, in the order of their levels, not of their execution. */
export function overviewOf(records: readonly TrialRecord[], terminal: Terminal): string {
  return drawTable(trialTable(records.toSorted(byLevels(FACTORS))), terminal);
}

/** A chart of one figure against one factor. */
export function chartOf(records: readonly TrialRecord[], wish: ChartWish, terminal: Terminal): string {
  return drawChart(trialChart(records, seriesQuery(records, wish)), { ...terminal, height: chartHeight });
}
