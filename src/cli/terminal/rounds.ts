import { drawChart } from "../../core/cells/chart.ts";
import { drawTable } from "../../core/cells/table.ts";
import { cleanText } from "../../core/cells/text.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { bandsOf, type FinishedSweep } from "../../core/lab.ts";
import { bandChart } from "../../core/views/bandChart.ts";
import { bandTable } from "../../core/views/bandTable.ts";
import { seriesQuery } from "../../core/views/series.ts";
import { roundsEndInWords } from "../../core/words/rounds.ts";
import { chartHeight, printLine, terminal } from "./output.ts";

/** Prints what a sweep in rounds found: each configuration with its band, the curves, and how wide the bands were left. */
export function printRounds(records: readonly TrialRecord[], spec: SweepSpec, { status }: FinishedSweep): void {
  const page = terminal();
  const bands = bandsOf(records);
  printLine(drawTable(bandTable(records, bands), page));
  if (new Set(records.map(({ point }) => point.cpu)).size > 1) {
    const query = seriesQuery(records, { x: "cpu", y: "requestsPerSecond" });
    printLine(`\n${drawChart(bandChart(records, query), { ...page, height: chartHeight })}`);
  }
  const round = Math.max(0, ...records.map(({ replicate }) => replicate + 1));
  const end = roundsEndInWords(spec, { bands, round, interrupted: status === "interrupted" });
  printLine(cleanText(end, page.ascii));
}
