import type { Table } from "../cells/table.ts";
import { byLevels, FACTORS, findFactor, variedFactors } from "../domain/factors.ts";
import type { Figure } from "../domain/figures.ts";
import { formatFigure } from "../domain/format.ts";
import type { Comparison } from "../statistics/trials/compare.ts";

/** A row for each setting that both sides were measured at, with second / first. */
export function comparisonTable(
  { pairings }: Comparison,
  { unit }: Figure,
  [first, second]: readonly [string, string],
  table = FACTORS,
): Table {
  const trials = pairings.map(({ trial }) => trial);
  const factors = variedFactors(trials, table).filter(({ id }) => id !== "proxy");
  const shown = factors.length > 0 ? factors : [findFactor("cpu")];
  const order = byLevels(shown);
  const sorted = pairings.toSorted((a, b) => order(a.trial, b.trial));
  const figure = (value: number) => formatFigure(value, unit);
  return {
    columns: [
      ...shown.map(({ label }) => ({ title: label, align: "left" as const })),
      ...[first, second, "ratio"].map((title) => ({ title, align: "right" as const })),
    ],
    rows: sorted.map(({ trial, first: one, second: other, ratio }) => [
      ...shown.map(({ describe }) => describe(trial.point)),
      figure(one),
      figure(other),
      ratio.toFixed(3),
    ]),
  };
}
