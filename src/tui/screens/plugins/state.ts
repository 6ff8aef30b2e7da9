import type { Finding, PluginSummary } from "../../../core/lab.ts";
import { adviceInWords } from "../../../core/machine/advice.ts";
import type { KeyName } from "../../keys.ts";
import type { LabState } from "../../store/labState.ts";
import type { TextField } from "../../widgets/field.ts";
import { entryAfter } from "../../widgets/list.ts";

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

const mostLines = 200;

/** A plugin or other program, and what was found of it. */
export interface PluginRow {
  readonly key: string;
  readonly kind: Finding["kind"];
  readonly id: string;
  readonly title: string;
  /** Path or package name it came from, and its module. */
  readonly source?: string;
  readonly file?: string;
  readonly state: "ok" | "warning" | "problem" | "unknown";
  /** Version, or why it is not there. */
  readonly text: string;
  readonly advice?: string;
  /** What `lab setup` calls it, where that installs it. */
  readonly setup?: string;
}

/** All plugins, and the programs that the lab itself uses. */
export function rowsOf({ plugins, diagnosis }: LabState): PluginRow[] {
  const listed = new Map(plugins?.plugins.map((plugin) => [`${plugin.kind}/${plugin.id}`, plugin]));
  if (!diagnosis) {
    return [...listed].map(([key, plugin]) => ({
      key,
      ...plugin,
      state: "unknown",
      text: "looking ...",
    }));
  }
  return diagnosis.findings.map((finding) => rowOf(finding, listed.get(`${finding.kind}/${finding.id}`)));
}

function rowOf({ kind, id, title, detection, image, advice }: Finding, listed: PluginSummary | undefined): PluginRow {
  const row = { ...listed, key: `${kind}/${id}`, kind, id, title };
  if (detection.available) return { ...row, state: "ok", text: detection.version ?? title };
  return {
    ...row,
    state: image || kind === "origin" ? "warning" : "problem",
    text: image ? `${detection.reason}; ${image.limiter} takes it from the image ${image.name}` : detection.reason,
    ...(advice && { advice: adviceInWords(advice) }),
    ...(advice?.do === "setup" && !advice.by ? { setup: advice.program } : {}),
  };
}

/** The row under the cursor; the first where that is not there any more. */
export function chosenRow(state: PluginsState, rows: readonly PluginRow[]): PluginRow | undefined {
  return rows.find(({ key }) => key === state.cursor) ?? rows[0];
}

export function rowMoved(state: PluginsState, rows: readonly PluginRow[], key: KeyName): PluginsState {
  const cursor = entryAfter(key, rows, chosenRow(state, rows))?.key;
  return cursor === undefined ? state : { ...state, cursor };
}

export function addingTyped(state: PluginsState, adding: TextField): PluginsState {
  return { ...state, adding };
}

export function addingEnded({ adding: _, ...state }: PluginsState): PluginsState {
  return state;
}

export function jobBegun(state: PluginsState, title: string): PluginsState {
  return { ...state, job: { title, lines: [] } };
}

export function jobSaid(state: PluginsState, line: string): PluginsState {
  const { job } = state;
  return job ? { ...state, job: { ...job, lines: [...job.lines.slice(1 - mostLines), line] } } : state;
}

export function jobEnded(state: PluginsState, code: number): PluginsState {
  return state.job ? { ...state, job: { ...state.job, code } } : state;
}
