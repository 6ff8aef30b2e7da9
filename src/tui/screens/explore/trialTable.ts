import type { Style } from "../../../core/cells/line.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { isOwnLimit } from "../../../core/domain/verdicts.ts";
import { TRIAL_COLUMNS } from "../../../core/views/trialTable.ts";
import { arrangerOf, type TableKind } from "../../widgets/table/table.ts";

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
