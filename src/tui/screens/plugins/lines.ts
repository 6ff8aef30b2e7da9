import { type Line, line, type Piece, piece, type Size } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import type { MachineCheck } from "../../../core/lab.ts";
import { adviceInWords } from "../../../core/machine/advice.ts";
import { kindTitles } from "../../../core/machine/doctor/kindTitles.ts";
import { twoColumns } from "../../widgets/columns.ts";
import { fieldLine } from "../../widgets/field.ts";
import { windowOf } from "../../widgets/list.ts";
import type { PluginRow } from "../pluginRow.ts";
import type { ViewProps } from "../screen.ts";
import { chosenRow, type Job, type PluginsState, rowsOf } from "./state.ts";

type Props = ViewProps<PluginsState>;

const detailHeight = 4;

/** The screen: all plugins, the machine beside them where there is room, the chosen one, and what a command says. */
export function pluginsLines(props: Props): Line[] {
  const { state, lab, width, height, pen } = props;
  const rows = rowsOf(lab);
  const jobHeight = state.job ? Math.min(10, Math.floor(height / 3)) : 0;
  const listHeight = height - detailHeight - jobHeight;
  const two = twoColumns(width, 0.55);
  const list = listLines(rows, state, { width: (two?.[0] ?? width) - 1, height: listHeight }, pen);
  const upper = two ? pen.beside([list, two[0]], [machineLines(lab.diagnosis?.checks, two[1], pen), two[1]]) : list;
  return [
    ...pen.page(upper, { width, height: listHeight }),
    ...detailLines(props, rows),
    ...jobLines(state.job, { width, height: jobHeight }, pen),
  ];
}

/** A row per plugin under the title of its kind, around the cursor. */
function listLines(rows: readonly PluginRow[], state: PluginsState, { width, height }: Size, pen: Pen): Line[] {
  const chosen = chosenRow(state, rows);
  const lines = [...Map.groupBy(rows, ({ kind }) => kind)].flatMap(([kind, ones]) => [
    { line: line(` ${kindTitles[kind]}`, "title"), row: undefined },
    ...ones.map((row) => ({ line: rowLine(row, row === chosen, width, pen), row })),
  ]);
  const at = lines.findIndex(({ row }) => row === chosen);
  const { from, to } = windowOf(lines.length, at, height);
  return lines.slice(from, to).map(({ line: drawn }) => drawn);
}

function rowLine(row: PluginRow, pointed: boolean, width: number, pen: Pen): Line {
  const text = piece(` ${row.text}`, row.state === "ok" ? "plain" : "faint");
  const drawn = pen.row([markOf(row.state, pen), pen.cell(` ${row.id}`, 20), text], pointed, width - 1);
  return [piece(" "), ...drawn];
}

const MARKS = {
  ok: ["ok", "good"],
  warning: ["warning", "warning"],
  problem: ["problem", "bad"],
  unknown: ["more", "faint"],
} as const;

function markOf(state: PluginRow["state"], pen: Pen): Piece {
  const [glyph, style] = MARKS[state];
  return pen.cell(pen.glyphs[glyph], 2, style);
}

function machineLines(checks: readonly MachineCheck[] | undefined, width: number, pen: Pen): Line[] {
  const title = line("machine", "title");
  if (!checks) return [title, line("looking ...", "faint")];
  return [
    title,
    ...checks.flatMap(({ title: name, value, state, advice }): Line[] => [
      [markOf(state, pen), pen.cell(` ${name}`, 16), piece(` ${value}`)],
      ...pen.paragraph(advice ? adviceInWords(advice) : "", width, "accent", 19),
    ]),
  ];
}

/** What the chosen plugin is, where it comes from, and what would help. */
function detailLines({ state, lab, width, pen }: Props, rows: readonly PluginRow[]): Line[] {
  const title = lab.plugins ? `listed in ${lab.plugins.file}` : "";
  const head = pen.rule("", width, title);
  if (state.adding) {
    const field = fieldLine(state.adding, { width: Math.max(10, width - 30), focused: true }, pen);
    return [
      head,
      [piece(" add the package ", "accent"), ...field],
      line(" npm name, folder or tarball; enter adds it, esc does not", "faint"),
      [],
    ];
  }
  const row = chosenRow(state, rows);
  if (!row) return [head, [], [], []];
  const advice = row.advice ? `${row.advice}${row.setup ? "   (i runs it)" : ""}` : "";
  return [
    head,
    [piece(` ${row.title} `, "title"), piece(row.source ? `from ${row.source}` : "", "faint")],
    [piece(` ${row.text}`, row.state === "problem" ? "warning" : "plain")],
    [piece(advice ? ` ${pen.glyphs.arrow} ${advice}` : "", "accent")],
  ];
}

function jobLines(job: Job | undefined, { width, height }: Size, pen: Pen): Line[] {
  if (!job || height < 2) return [];
  const state = job.code === undefined ? "running" : job.code === 0 ? "done" : `ended with exit code ${job.code}`;
  const shown = job.lines.slice(1 - height).map((text) => line(` ${text}`));
  return [pen.rule(job.title, width, state), ...shown];
}
