import { drawChart } from "../../core/cells/chart.ts";
import { drawTable } from "../../core/cells/table.ts";
import type { Figure } from "../../core/domain/figures.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Comparison, SpeedBasis } from "../../core/lab.ts";
import { comparisonTable } from "../../core/views/comparisonTable.ts";
import { type ChartWish, seriesQuery } from "../../core/views/series.ts";
import { trialChart } from "../../core/views/trialChart.ts";
import { comparisonInWords, type SideNames } from "../../core/words/comparison.ts";
import { atItsSpeed, speedRemarks } from "../../core/words/speed.ts";
import { chartHeight, printLine, type Terminal, terminal } from "./output.ts";

/** A chart of one figure against one factor. */
export function chartOf(records: readonly TrialRecord[], wish: ChartWish, terminal: Terminal): string {
  return drawChart(trialChart(records, seriesQuery(records, wish)), { ...terminal, height: chartHeight });
}

/** Prints two sides point by point, and the second in relation to the first over all points. */
export function printComparison(found: Comparison, figure: Figure, names: SideNames, speed?: SpeedBasis): void {
  printLine(drawTable(comparisonTable(found, figure, names), terminal()));
  const label = atItsSpeed(figure.label, figure, speed);
  const remarks = figure.followsSpeed ? speedRemarks(speed) : [];
  printLine(`\n${[...comparisonInWords(found, label, names), ...remarks].join("\n")}`);
}
