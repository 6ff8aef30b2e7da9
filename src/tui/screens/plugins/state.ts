import type { KeyName } from "../../keys.ts";
import type { LabState } from "../../store/labState.ts";
import type { TextField } from "../../widgets/field.ts";
import { entryAfter } from "../../widgets/list.ts";
import { type PluginRow, pluginRow } from "../pluginRow.ts";

/** A command of the command line that was started here. */
export interface Job {
  readonly title: string;
  /** What it printed, the newest lines last. */
  readonly lines: readonly string[];
  /** Exit code; absent while it runs. */
  readonly code?: number;
}

export interface PluginsState {
  /** `kind/id` of the row that keys act on. */
  readonly cursor: string;
  /** The name of a package that is being typed. */
  readonly adding?: TextField;
  readonly job?: Job;
}

export const initialPlugins: PluginsState = { cursor: "" };

/** All plugins, and the programs that the lab itself uses. */
export function rowsOf({ plugins, diagnosis }: LabState): PluginRow[] {
  const listed = new Map(plugins?.plugins.map((plugin) => [`${plugin.kind}/${plugin.id}`, plugin]));
  if (!diagnosis) return [...listed.values()].map((plugin) => pluginRow(plugin, plugin));
  return diagnosis.findings.map((finding) => pluginRow(finding, listed.get(`${finding.kind}/${finding.id}`), finding));
}

/** The row under the cursor; the first where that is not there any more. */
export function chosenRow(state: PluginsState, rows: readonly PluginRow[]): PluginRow | undefined {
  return rows.find(({ key }) => key === state.cursor) ?? rows[0];
}

export function rowMoved(state: PluginsState, rows: readonly PluginRow[], key: KeyName): PluginsState {
  const cursor = entryAfter(key, rows, chosenRow(state, rows))?.key;
  return cursor === undefined ? state : { ...state, cursor };
}
