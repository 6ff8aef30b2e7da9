import { SWEEP_OPTIONS, type SweepOption, type SweepOptions } from "../../../core/domain/options.ts";
import type { LabState } from "../../store/labState.ts";
import { placeOf } from "../../widgets/list.ts";
import { type PluginRow, pluginRow } from "../pluginRow.ts";
import type { ComposeState } from "./state.ts";

/** A row of the screen that keys can act on, or the title above some. */
export type Row =
  | { readonly kind: "title"; readonly text: string }
  | { readonly kind: "plugin"; readonly id: string; readonly plugin: PluginRow }
  | OptionRow;

/** A choice or a field; its label is empty under a title of its own. */
export interface OptionRow {
  readonly kind: "option";
  readonly id: string;
  readonly option: SweepOption;
  readonly label: string;
}

export type ActiveRow = Exclude<Row, { kind: "title" }>;

/** Options with a title of their own, in the first column and in the second. */
const titled = [
  ["proxy", "role", "tls"],
  ["load", "limiter"],
];

/** The three columns of rows: proxies, load and limiters, limits and plan. */
export function columnsOf(
  { said }: ComposeState,
  lab: LabState,
  options: SweepOptions = SWEEP_OPTIONS,
): readonly (readonly Row[])[] {
  const block = (id: string): Row[] => {
    const option = options[id]!;
    const rows = option.value.plugins ? pluginRows(id, lab) : [{ kind: "option", id, option, label: "" } as const];
    return [{ kind: "title", text: option.label ?? id }, ...rows];
  };
  const others = Object.entries(options).flatMap(([id, option]): Row[] => {
    const { label } = option;
    const isElsewhere = label === undefined || titled.flat().includes(id) || option.when?.(said) === false;
    return isElsewhere ? [] : [{ kind: "option", id, option, label }];
  });
  return [...titled.map((ids) => ids.flatMap(block)), [{ kind: "title", text: "levels and plan" }, ...others]];
}

function pluginRows(of: string, { plugins, diagnosis }: LabState): Row[] {
  const listed = (plugins?.plugins ?? []).filter(({ kind }) => kind === of);
  return listed.map((one) => {
    const finding = diagnosis?.findings.find(({ kind, id }) => kind === one.kind && id === one.id);
    const plugin = pluginRow(one, one, finding);
    return { kind: "plugin", id: plugin.key, plugin };
  });
}

/** The rows of a column that keys can act on. */
function active(rows: readonly Row[]): ActiveRow[] {
  return rows.filter((row): row is ActiveRow => row.kind !== "title");
}

/** The row under the cursor. */
export function pointedRow(state: ComposeState, lab: LabState): ActiveRow | undefined {
  return columnsOf(state, lab)
    .flatMap(active)
    .find(({ id }) => id === state.cursor);
}

/** The cursor after a step: down and up in its column, right and left to the same height of the next one. */
export function stepped(state: ComposeState, lab: LabState, key: string): ComposeState {
  const columns = columnsOf(state, lab).map(active);
  const isPointed = ({ id }: ActiveRow) => id === state.cursor;
  const column = placeOf(columns, (rows) => rows.some(isPointed));
  const row = placeOf(columns[column]!, isPointed);
  const [dx, dy] = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[key] ?? [0, 0];
  const target = columns[Math.max(0, Math.min(columns.length - 1, column + dx!))]!;
  const cursor = target[Math.max(0, Math.min(target.length - 1, row + dy!))]?.id;
  return cursor === undefined || cursor === state.cursor ? state : { ...state, cursor };
}
