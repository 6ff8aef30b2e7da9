import type { Style } from "../../../core/cells/line.ts";
import { findFactor, type NumericFactor } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import { OBSERVED_FACTORS, type Observation } from "../../../core/statistics/trials/observe.ts";
import { type ObservationRow, observationRows } from "../../../core/views/observationTable.ts";
import { observationInWords } from "../../../core/words/observation.ts";
import { arrangerOf, type TableColumn, type TableKind } from "../../widgets/table/table.ts";
import { remember } from "../remember.ts";

/** Observations as rows of a table. */
export const rowsOfObservations = remember(observationRows);

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
    cell: (row) => {
      const found = of(row);
      return found ? observationInWords(found) : "";
    },
    style: (row) => styleOf(of(row)),
  };
}

function styleOf(observation: Observation | undefined): Style {
  if (observation?.effect === "+") return "accent";
  return observation?.effect === "-" ? "warning" : "faint";
}
