import type { FactorName, NumericFactor } from "../../../core/domain/factors.ts";
import type { PickerState } from "../../widgets/picker.ts";
import { emptyTable, type TableState } from "../../widgets/table/table.ts";

/** What the screen shows: a chart or a map over its table, the table alone, what rises with what, or two sides compared. */
export type ExploreView = "chart" | "map" | "table" | "observations" | "comparison";

/** What a list that lies over the screen is for. */
export type Purpose = "figure" | "factor" | "lines" | "sweep" | "preset" | "sort" | "first" | "second";

export interface ExploreState {
  readonly view: ExploreView;
  /** Name of the figure, and the factor that it is drawn against. */
  readonly figure: string;
  readonly factor: NumericFactor;
  /** Factors that get a line each; those that vary, unless given. */
  readonly lines?: readonly FactorName[];
  /** Id of the sweep whose trials are looked at, or all trials of the store; the newest sweep unless given. */
  readonly sweep?: string | "all";
  /** Figures as they were measured, not at the reference speed of the machine. */
  readonly raw?: boolean;
  readonly table: TableState;
  readonly observations: TableState;
  /** Sides of a comparison: proxies, or ids of sweeps. */
  readonly sides: readonly string[];
  readonly picker?: (PickerState & { readonly purpose: Purpose }) | undefined;
  /** Id of the trial whose record is open. */
  readonly open?: string | undefined;
}

export const initialExplore: ExploreState = {
  view: "chart",
  figure: "requestsPerSecond",
  factor: "cpu",
  table: emptyTable,
  observations: emptyTable,
  sides: [],
};

/** The state after a change of the table of trials. */
export function withTable(state: ExploreState, change: Partial<TableState>): ExploreState {
  return { ...state, table: { ...state.table, ...change } };
}
