import { cleanText } from "../../../core/cells/text.ts";
import { adviceInWords } from "../../../core/machine/advice.ts";
import { kindTitles } from "../../../core/machine/doctor/kindTitles.ts";
import type { MachineCheck } from "../../../core/machine/doctor/machineCheck.ts";
import { beside, rule } from "../../text/layout.ts";
import { fitLine, fitted, inverted, line, type Piece, piece, type Size, type StyledLine } from "../../text/line.ts";
import { wrapped } from "../../text/wrap.ts";
import type { Theme } from "../../theme.ts";
import { fieldLine } from "../../widgets/field.ts";
import { windowOf } from "../../widgets/window.ts";
import type { ViewProps } from "../screen.ts";
import { type Job, type PluginRow, type PluginsState, rowAt, rowsOf } from "./state.ts";

type Props = ViewProps<PluginsState>;

const widthOfTwo = 110;
const detailHeight = 4;

/** The screen: all plugins, the machine beside them where there is room, the chosen one, and what a command says. */
export function pluginsLines(props: Props): StyledLine[] {
  const { state, lab, columns: width, rows: height, theme } = props;
  const rows = rowsOf(lab);
  const jobHeight = state.job ? Math.min(10, Math.floor(height / 3)) : 0;
  const size = { width, height: height - detailHeight - jobHeight };
  const wide = width >= widthOfTwo;
  const half = wide ? Math.floor(width * 0.55) : width;
  const list = listLines(rows, state, { width: half - 1, height: size.height }, theme);
  const machine = wide ? machineLines(lab.diagnosis?.checks, width - half, theme) : [];
  const upper = wide
    ? beside(
        [
          { lines: list, width: half },
          { lines: machine, width: width - half },
        ],
        theme.ascii,
      )
    : list;
  return [
    ...page(upper, size.height),
    ...detailLines(props, rows),
    ...jobLines(state.job, { width, height: jobHeight }, theme),
  ];
}

function page(lines: readonly StyledLine[], height: number): StyledLine[] {
  return Array.from({ length: height }, (_, row) => [...(lines[row] ?? [])]);
}

/** A row per plugin under the title of its kind, around the cursor. */
function listLines(
  rows: readonly PluginRow[],
  state: PluginsState,
  { width, height }: Size,
  theme: Theme,
): StyledLine[] {
  const chosen = rowAt(state, rows);
  const lines: { line: StyledLine; row?: PluginRow }[] = [...Map.groupBy(rows, ({ kind }) => kind)].flatMap(
    ([kind, ones]) => [
      { line: line(` ${kindTitles[kind]}`, "title") },
      ...ones.map((row) => ({ line: rowLine(row, row === chosen, width, theme), row })),
    ],
  );
  const { from, to } = windowOf(
    lines.length,
    lines.findIndex(({ row }) => row === chosen),
    height,
  );
  return lines.slice(from, to).map(({ line: drawn }) => drawn);
}

function rowLine(row: PluginRow, pointed: boolean, width: number, theme: Theme): StyledLine {
  const pieces = [
    piece(pointed ? ` ${theme.glyphs.pointer} ` : "   ", "accent"),
    markOf(row.state, theme),
    fitted(` ${row.id}`, 20, theme.ascii),
    piece(` ${cleanText(row.text, theme.ascii)}`, row.state === "ok" ? "plain" : "faint"),
  ];
  return pointed && theme.colour ? inverted(pieces, width, theme.ascii) : fitLine(pieces, width, theme.ascii);
}

function markOf(state: PluginRow["state"], { glyphs, ascii }: Theme): Piece {
  const [text, style] = {
    ok: [glyphs.ok, "good"],
    warning: [glyphs.warning, "warning"],
    problem: [glyphs.problem, "bad"],
    unknown: [glyphs.more, "faint"],
  }[state] as [string, "good"];
  return fitted(text, 2, ascii, "left", style);
}

function machineLines(checks: readonly MachineCheck[] | undefined, width: number, theme: Theme): StyledLine[] {
  const title = line("machine", "title");
  if (!checks) return [title, line("looking ...", "faint")];
  return [
    title,
    ...checks.flatMap(({ title: name, value, state, advice }): StyledLine[] => [
      [markOf(state, theme), fitted(` ${name}`, 16, theme.ascii), piece(` ${cleanText(value, theme.ascii)}`)],
      ...(advice === undefined
        ? []
        : wrapped(adviceInWords(advice), width - 20).map(
            (text): StyledLine => [piece(`${" ".repeat(19)}${cleanText(text, theme.ascii)}`, "accent")],
          )),
    ]),
  ];
}

/** What the chosen plugin is, where it comes from, and what would help. */
function detailLines({ state, lab, columns: width, theme }: Props, rows: readonly PluginRow[]): StyledLine[] {
  const title = lab.plugins ? `listed in ${lab.plugins.file}` : "";
  const head = rule("", width, theme.ascii, cleanText(title, theme.ascii));
  if (state.adding) {
    const field = fieldLine(state.adding, { width: Math.max(10, width - 30), focused: true }, theme);
    return [
      head,
      [piece(" add the package ", "accent"), ...field],
      line(" npm name, folder or tarball; enter adds it, esc does not", "faint"),
      [],
    ];
  }
  const row = rowAt(state, rows);
  if (!row) return [head, [], [], []];
  const advice = row.advice ? `${row.advice}${row.setup ? "   (i runs it)" : ""}` : "";
  return [
    head,
    [piece(` ${row.title} `, "title"), piece(row.source ? `from ${cleanText(row.source, theme.ascii)}` : "", "faint")],
    [piece(` ${cleanText(row.text, theme.ascii)}`, row.state === "problem" ? "warning" : "plain")],
    [piece(advice ? ` ${theme.glyphs.arrow} ${cleanText(advice, theme.ascii)}` : "", "accent")],
  ];
}

function jobLines(job: Job | undefined, { width, height }: Size, theme: Theme): StyledLine[] {
  if (!job || height < 2) return [];
  const state = job.code === undefined ? "running" : job.code === 0 ? "done" : `ended with exit code ${job.code}`;
  const shown = job.lines.slice(1 - height).map((text) => line(` ${cleanText(text, theme.ascii)}`));
  return [rule(cleanText(job.title, theme.ascii), width, theme.ascii, state), ...shown];
}
