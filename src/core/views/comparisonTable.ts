import { left, right, type Table, tableOf } from "../cells/table.ts";
import { byLevels, FACTORS, findFactor, variedFactors } from "../domain/factors.ts";
import type { Figure } from "../domain/figures.ts";
import { formatFigure } from "../domain/format.ts";
import type { Comparison } from "../statistics/sides/compare.ts";
import type { Pairing } from "../statistics/sides/pairs.ts";

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
  return tableOf(
    pairings.toSorted((a, b) => order(a.trial, b.trial)),
    [
      ...shown.map(({ label, describe }) => left<Pairing>(label, ({ trial }) => describe(trial.point))),
      right(first, (pairing) => formatFigure(pairing.first, unit)),
      right(second, (pairing) => formatFigure(pairing.second, unit)),
      right("ratio", ({ ratio }) => ratio.toFixed(3)),
    ],
  );
}
