import type { Style } from "../../../core/cells/line.ts";
import { findFactor, type NumericFactor } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { isOwnLimit } from "../../../core/domain/verdicts.ts";
import { OBSERVED_FACTORS, type Observation } from "../../../core/statistics/trials/observe.ts";
import { type ObservationRow, observationInWords } from "../../../core/views/observationTable.ts";
import { TRIAL_COLUMNS } from "../../../core/views/trialTable.ts";
import { arrangerOf, type TableColumn, type TableKind, wordsColumn } from "../../widgets/table/table.ts";

/** Trials as rows. */
export const trialTableKind: TableKind<TrialRecord> = {
  keyOf: ({ id }) => id,
  columns: TRIAL_COLUMNS.map((column) => (column.id === "verdict" ? { ...column, style: verdictStyle } : column)),
};

/** Filters and sorts the trials; keeps its last answer. */
export const arrangeTrials = arrangerOf(trialTableKind);

/** How a verdict is coloured: the proxy's own doing, something else's, failed. */
export function verdictStyle({ status, verdict }: TrialRecord): Style {
  if (status === "failed") return "bad";
  if (status === "skipped" || !verdict) return "faint";
  return isOwnLimit(verdict.bound) ? "good" : "warning";
}

/** What was observed of a figure of a proxy as a row, with a column for each factor. */
export const observationTableKind: TableKind<ObservationRow> = {
  keyOf: ({ proxy, figure }) => `${proxy} ${figure}`,
  columns: [
    wordsColumn("proxy", 10, (row) => row.proxy),
    wordsColumn("figure", 18, ({ figure }) => figureOf(figure).label),
    ...OBSERVED_FACTORS.map(factorColumn),
  ],
};

export const arrangeObservations = arrangerOf(observationTableKind);

function factorColumn(name: NumericFactor): TableColumn<ObservationRow> {
  const of = ({ byFactor }: ObservationRow) => byFactor.get(name);
  const inWords = (found: Observation | undefined) => (found ? observationInWords(found) : "");
  return {
    ...wordsColumn(name, 18, (row) => inWords(of(row))),
    title: findFactor(name).label,
    read: (row) => of(row)?.rho,
    style: (row) => styleOf(of(row)),
  };
}

function styleOf(observation: Observation | undefined): Style {
  if (observation?.effect === "+") return "accent";
  return observation?.effect === "-" ? "warning" : "faint";
}
