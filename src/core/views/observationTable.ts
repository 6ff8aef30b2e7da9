import { left, type Table, tableOf } from "../cells/table.ts";
import { findFactor, type NumericFactor } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import { formatCoefficient } from "../domain/format.ts";
import type { Observation } from "../statistics/trials/observe.ts";

/** What the factors do to one figure of a proxy. */
export interface ObservationRow {
  readonly proxy: string;
  readonly figure: string;
  readonly byFactor: ReadonlyMap<NumericFactor, Observation>;
}

/** A row for each proxy and figure. */
export function observationRows(observations: readonly Observation[]): ObservationRow[] {
  const groups = Map.groupBy(observations, ({ proxy, figure }) => JSON.stringify([proxy, figure]));
  return [...groups.values()].map((group) => ({
    proxy: group[0]!.proxy,
    figure: group[0]!.figure,
    byFactor: new Map(group.map((one) => [one.factor, one])),
  }));
}

/** `+ ρ  0.98 n 12`: the effect, the rank correlation, the trials; the same columns in each row. */
export function observationInWords({ effect, rho, n }: Observation): string {
  if (effect === "not varied") return effect;
  return `${effect}${rho === undefined ? "" : ` ρ ${formatCoefficient(rho).padStart(5)}`} n ${n}`;
}

/** Observations as a table with a column for each of some factors, all unless given. */
export function observationTable(
  observations: readonly Observation[],
  cell: (observation: Observation) => string = observationInWords,
  factors: readonly NumericFactor[] = [...new Set(observations.map(({ factor }) => factor))],
): Table {
  return tableOf(observationRows(observations), [
    left("proxy", ({ proxy }) => proxy),
    left("figure", ({ figure }) => figureOf(figure).label),
    ...factors.map((name) =>
      left<ObservationRow>(findFactor(name).label, ({ byFactor }) => {
        const found = byFactor.get(name);
        return found ? cell(found) : "";
      }),
    ),
  ]);
}
