import type { Table } from "../cells/table.ts";
import { findFactor } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import type { Observation } from "../statistics/trials/observe.ts";
import { observationInWords } from "../words/observation.ts";

/** Observations as a table: a row per proxy and figure, a column per factor. */
export function observationTable(observations: readonly Observation[]): Table {
  const factors = [...new Set(observations.map(({ factor }) => factor))];
  const rows = Map.groupBy(observations, ({ proxy, figure }) => JSON.stringify([proxy, figure]));
  return {
    columns: [
      { title: "proxy", align: "left" },
      { title: "figure", align: "left" },
      ...factors.map((name) => ({ title: findFactor(name).label, align: "left" }) as const),
    ],
    rows: [...rows.values()].map((row) => [
      row[0]!.proxy,
      figureOf(row[0]!.figure).label,
      ...factors.map((name) => observationInWords(row.find(({ factor }) => factor === name))),
    ]),
  };
}
