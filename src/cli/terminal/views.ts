import { drawChart } from "../../core/cells/chart.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import { type ChartWish, seriesQuery } from "../../core/views/series.ts";
import { trialChart } from "../../core/views/trialChart.ts";
import type { Terminal } from "./output.ts";

const chartHeight = 20;

/** A chart of one figure against one factor. */
export function chartOf(records: readonly TrialRecord[], wish: ChartWish, terminal: Terminal): string {
  return drawChart(trialChart(records, seriesQuery(records, wish)), { ...terminal, height: chartHeight });
}
