import type { Style } from "../../../core/cells/line.ts";
import {
  figureOf,
  findFactor,
  type NumericFactor,
  OBSERVED_FACTORS,
  type Observation,
} from "../../../core/views/index.ts";
import { observationInWords } from "../../../core/words/observation.ts";
import { arrangerOf, type TableColumn, type TableKind } from "../../widgets/table/table.ts";
import { remember } from "../remember.ts";

/** What the factors do to one figure of a proxy. */
export interface ObservationRow {
  readonly proxy: string;
  readonly figure: string;
  readonly byFactor: ReadonlyMap<NumericFactor, Observation>;
}

/** Observations as rows of a table. */
export const observationRows = remember((observations: readonly Observation[]): readonly ObservationRow[] =>
  [...Map.groupBy(observations, ({ proxy, figure }) => `${proxy}\n${figure}`).values()].map((group) => ({
    proxy: group[0]!.proxy,
    figure: group[0]!.figure,
    byFactor: new Map(group.map((one) => [one.factor, one])),
  })),
);

export const observationTableKind: TableKind<ObservationRow> = {
  keyOf: ({ proxy, figure }) => `${proxy} ${figure}`,
  columns: [
    { id: "proxy", title: "proxy", align: "left", width: 10, read: (row) => row.proxy, cell: (row) => row.proxy },
    { id: "figure", title: "figure", align: "left", width: 18, read: labelOf, cell: labelOf },
    ...OBSERVED_FACTORS.map(factorColumn),
  ],
};

export const arrangeObservations = arrangerOf(observationTableKind);

function labelOf({ figure }: ObservationRow): string {
  return figureOf(figure).label;
}

function factorColumn(name: NumericFactor): TableColumn<ObservationRow> {
  const of = ({ byFactor }: ObservationRow) => byFactor.get(name);
  return {
    id: name,
    title: findFactor(name).label,
    align: "left",
    width: 18,
    read: (row) => of(row)?.rho,
    cell: (row) => observationInWords(of(row)),
    style: (row) => styleOf(of(row)),
  };
}

function styleOf(observation: Observation | undefined): Style {
  if (observation?.effect === "+") return "accent";
  return observation?.effect === "-" ? "warning" : "faint";
}
