import { cleanText } from "../../../core/cells/text.ts";
import { formatDuration } from "../../../core/domain/format.ts";
import type { SweepSpec } from "../../../core/domain/spec.ts";
import { planSweep } from "../../../core/plan/plan.ts";
import { heatMapLines } from "../../charts/heatMap.ts";
import { planMap } from "../../charts/planMap.ts";
import { beside, ends, rule } from "../../text/layout.ts";
import { fitLine, fitted, inverted, line, type Piece, piece, type StyledLine } from "../../text/line.ts";
import { wrapped } from "../../text/wrap.ts";
import type { Theme } from "../../theme.ts";
import { fieldLine } from "../../widgets/field.ts";
import { segmentsLine } from "../../widgets/segments.ts";
import { remember } from "../remember.ts";
import type { ViewProps } from "../screen.ts";
import { problemOf } from "./fields.ts";
import { type ActiveRow, columnsOf, type Row, rowAt } from "./rows.ts";
import { type ComposeState, commandOf } from "./state.ts";

type Props = ViewProps<ComposeState>;

const labelWidth = 14;
/** Lines under the columns. */
const summaryLines = 8;

/** The screen: three columns of choices, what is under the cursor, and what the sweep would be. */
export function composeLines(props: Props): StyledLine[] {
  const { state, lab, columns: width, rows, theme } = props;
  const columns = columnsOf(state, lab);
  const widths = [0.3, 0.3, 0.4].map((share) => Math.floor((width - 1) * share));
  const blocks = columns.map((column, index) => ({
    lines: scrolledTo(column, state.cursor, rows - summaryLines).map((row) => rowLine(row, widths[index]! - 1, props)),
    width: widths[index]!,
  }));
  const body = beside(blocks, theme.ascii).map((pieces): StyledLine => [piece(" "), ...pieces]);
  const upper = [...body, [], aboutLine(props), ...summary(props)];
  return [...upper, ...planLines(props, rows - upper.length)];
}

const pointsOf = remember((spec: SweepSpec) => planSweep(spec).map(({ point }) => point));

/** The points of the plan, where there is room for them. */
function planLines({ state: { preview }, columns: width, theme, screenReader }: Props, room: number): StyledLine[] {
  if (preview?.spec.plan !== "grid" || room < 5 || screenReader) return [];
  const map = heatMapLines(
    planMap({ planned: pointsOf(preview.spec), records: [] }, theme),
    { width, height: room - 2 },
    theme,
  );
  return [[], rule("its points", width, theme.ascii), ...map];
}

/** The rows of a column that have room, with a blank line before each further title where there is room for it. */
function scrolledTo(rows: readonly Row[], cursor: string, height: number): Row[] {
  const titles = rows.filter(({ kind }) => kind === "title").length;
  const airy = rows.length + titles - 1 <= height;
  const all = airy
    ? rows.flatMap((row, index): Row[] =>
        row.kind === "title" && index > 0 ? [{ kind: "title", text: "" }, row] : [row],
      )
    : [...rows];
  if (all.length <= height) return all;
  const at = all.findIndex((row) => row.kind !== "title" && row.id === cursor);
  const from = Math.max(0, Math.min(all.length - height, at - height + 2));
  return all.slice(from, from + height);
}

function rowLine(row: Row, width: number, { state, theme }: Props): StyledLine {
  if (row.kind === "title") return [piece(row.text, "title")];
  const pointed = row.id === state.cursor;
  const pieces = rowPieces(row, width, pointed, state, theme);
  return pointed && !state.typing && theme.colour && row.kind === "plugin"
    ? inverted(pieces, width, theme.ascii)
    : pieces;
}

function rowPieces(row: ActiveRow, width: number, pointed: boolean, state: ComposeState, theme: Theme): StyledLine {
  const pointer = piece(pointed ? `${theme.glyphs.pointer} ` : "  ", "accent");
  switch (row.kind) {
    case "plugin":
      return [pointer, ...pluginPieces(row, state, width - 2, theme)];
    case "choice": {
      const at = row.choices.indexOf(state[row.id]);
      const name =
        row.id === "plan" ? [fitted("plan", labelWidth, theme.ascii, "left", pointed ? "accent" : "plain")] : [];
      const room = Math.max(0, width - 2 - (name.length > 0 ? labelWidth : 0));
      return [pointer, ...name, ...segmentsLine(row.choices, at, room, pointed, theme)];
    }
    case "field": {
      const { typing, texts } = state;
      const focused = pointed && typing?.into === "row";
      const text = texts[row.field.id] ?? "";
      const field = focused ? typing.field : { text, cursor: text.length };
      const options = { width: width - labelWidth - 4, focused, placeholder: row.field.placeholder ?? "" };
      const wrong = problemOf(row.field, text) !== undefined;
      return [
        pointer,
        fitted(row.field.label, labelWidth, theme.ascii, "left", pointed ? "accent" : "plain"),
        ...fieldLine(field, options, theme),
        piece(wrong ? ` ${theme.glyphs.problem}` : "", "bad"),
      ];
    }
  }
}

function pluginPieces(
  row: Extract<Row, { kind: "plugin" }>,
  { picked }: ComposeState,
  width: number,
  { glyphs, ascii }: Theme,
): Piece[] {
  const on = picked[row.of].includes(row.name);
  const dead = row.reason !== undefined;
  const mark = piece(on ? glyphs.checked : dead ? " - " : glyphs.unchecked, dead ? "faint" : on ? "accent" : "plain");
  const detail = row.reason ?? row.version ?? "";
  const name = fitted(row.name, Math.min(13, Math.max(8, width - 5)), ascii, "left", dead ? "faint" : "plain");
  return [
    mark,
    piece(" "),
    name,
    fitted(` ${cleanText(detail, ascii)}`, Math.max(0, width - 18), ascii, "left", "faint"),
  ];
}

/** What the row under the cursor is, and what is wrong with it. */
function aboutLine({ state, lab, columns: width, theme }: Props): StyledLine {
  const row = rowAt(state, lab);
  const wrong = row?.kind === "field" ? problemOf(row.field, state.texts[row.field.id] ?? "") : undefined;
  return fitLine([piece(" "), ...aboutPieces(row, wrong)], width, theme.ascii);
}

function aboutPieces(row: ActiveRow | undefined, wrong: string | undefined): Piece[] {
  if (!row) return [];
  if (wrong !== undefined) return [piece(wrong, "bad")];
  if (row.kind === "field") return [piece(`${row.field.label}: `), piece(row.field.help, "faint")];
  if (row.kind === "choice") return [piece(row.help, "faint")];
  if (row.reason === undefined) return [piece(`${row.title} `), piece(row.version ?? "", "faint")];
  const key = row.setup ? "; i installs it" : row.help ? `; ${row.help}` : "";
  return [piece(`${row.name}: `), piece(`${row.reason}${key}`, "warning")];
}

/** Number of trials, time, and the equal command. */
function summary({ state, columns: width, theme }: Props): StyledLine[] {
  const command = wrapped(cleanText(commandOf(state), theme.ascii), width - 6);
  const saving = state.typing?.into === "file" ? state.typing.field : undefined;
  return [
    rule("this sweep", width, theme.ascii),
    ends([piece(" "), ...outlook(state)], [piece(othersInWords(state), "faint"), piece(" ")], width, theme.ascii),
    [],
    ...(saving
      ? [
          [piece(" save as  ", "accent"), ...fieldLine(saving, { width: width - 12, focused: true }, theme)],
          line("          enter saves, esc does not", "faint"),
        ]
      : command.map((text, index): StyledLine => [piece(index === 0 ? " $ " : "     ", "faint"), piece(text)])),
  ];
}

function outlook({ preview, problem, picked }: ComposeState): Piece[] {
  if (picked.proxy.length === 0) return [piece("choose a proxy", "warning")];
  if (problem) return [piece(problem.message, "bad"), piece(problem.help ? ` (${problem.help})` : "", "faint")];
  if (!preview) return [piece("counting ...", "faint")];
  const { points, trials, estimatedSeconds, spec } = preview;
  const of = spec.plan === "adaptive" ? (points === 1 ? "curve" : "curves") : points === 1 ? "point" : "points";
  return [
    piece(`${points} `, "title"),
    piece(`${of}, `),
    piece(`${trials} `, "title"),
    piece(trials === 1 ? "trial, about " : "trials, about "),
    piece(formatDuration(estimatedSeconds), "title"),
  ];
}

function othersInWords({ others }: ComposeState): string {
  const names = Object.keys(others);
  return names.length === 0 ? "" : `from the preset: ${names.join(", ")}`;
}
