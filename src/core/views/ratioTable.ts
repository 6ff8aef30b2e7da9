import type { Table } from "../cells/table.ts";
import { type Factor, variedFactors } from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import { formatFigure } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { geometricMean } from "../statistics/index.ts";

interface Pair {
  readonly levels: readonly string[];
  readonly first: number;
  readonly second: number;
}

/**
 * Two proxies side by side at each point that both were measured at, with the ratio first / second of each and the
 * geometric mean of the ratios in the last row. Replicates of a point are averaged geometrically.
 */
export function ratioTable(records: readonly TrialRecord[], first: string, second: string, figureName: string): Table {
  const figure = figureOf(figureName);
  const factors = variedFactors(records).filter(({ id }) => id !== "proxy");
  const pairs = pairsOf(records, factors, [first, second], figure);
  const text = (value: number) => formatFigure(value, figure.unit);
  const mean = geometricMean(pairs.map((pair) => pair.first / pair.second));
  const titles = [`${first} ${figure.label}`, `${second} ${figure.label}`, `${first} / ${second}`];
  return {
    columns: [
      ...factors.map(({ label }) => ({ title: label, align: "left" as const })),
      ...titles.map((title) => ({ title, align: "right" as const })),
    ],
    rows: [
      ...pairs.map((pair) => [
        ...pair.levels,
        text(pair.first),
        text(pair.second),
        (pair.first / pair.second).toFixed(2),
      ]),
      ...(pairs.length > 1 ? [["geometric mean", ...factors.slice(1).map(() => ""), "", "", mean.toFixed(2)]] : []),
    ],
  };
}

function pairsOf(
  records: readonly TrialRecord[],
  factors: readonly Factor[],
  proxies: readonly [string, string],
  figure: Figure,
): Pair[] {
  const inOrder = [...records].sort((a, b) => a.point.servers - b.point.servers || a.point.cpu - b.point.cpu);
  const places = Map.groupBy(inOrder, ({ point }) => factors.map((factor) => factor.describe(point)).join("\n"));
  return [...places].flatMap(([place, trials]) => {
    const [first, second] = proxies.map((proxy) => meanOf(trials, proxy, figure));
    return first && second ? [{ levels: place.split("\n"), first, second }] : [];
  });
}

function meanOf(trials: readonly TrialRecord[], proxy: string, figure: Figure): number | undefined {
  const figures = trials.filter(({ point }) => point.proxy === proxy).flatMap((trial) => figure.of(trial) ?? []);
  return figures.length > 0 && figures.every((figure) => figure > 0) ? geometricMean(figures) : undefined;
}
