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

/** The answer of a comparison, with its interval. */
export function comparisonInWords(
  { ratio, verdict, pairs }: Comparison,
  { label }: Figure,
  [first, second]: readonly [string, string],
): string {
  if (!ratio) {
    return pairs > 1
      ? "too few runs were repeated within the sweeps to know how much sweeps differ: measure with --anchors or --replicates"
      : "one setting in common is too few for an interval: measure more levels or replicates";
  }
  const { estimate, low, high, confidence } = ratio;
  const figures = `${second} / ${first} = ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}`;
  const answer = verdict === "no difference" ? "no difference shown" : `${second} is ${verdict}`;
  return `${label}: ${answer}; ${figures}, ${Number((100 * confidence).toPrecision(4))} %, ${pairs} pairs)`;
}

/** What there is to know of an interval over sides from different sweeps; `undefined` where there is none. */
export function apartInWords({ apart, ratio }: Comparison): string | undefined {
  if (!apart || !ratio) return undefined;
  return "measured at different times: what runs differ by within each sweep is in the interval";
}
