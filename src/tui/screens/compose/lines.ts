import { heatMapLines } from "../../../core/cells/heatMap.ts";
import { type Line, line, type Piece, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { wrapWords } from "../../../core/cells/text.ts";
import { formatDuration } from "../../../core/domain/format.ts";
import { defaultInWords, defaultText, fullHelp } from "../../../core/domain/options.ts";
import type { SweepSpec } from "../../../core/domain/spec.ts";
import { planSweep } from "../../../core/plan/plan.ts";
import { roundsPlanInWords } from "../../../core/words/rounds.ts";
import { planMap } from "../../charts/planMap.ts";
import { fieldLine } from "../../widgets/field.ts";
import { segmentsLine } from "../../widgets/segments.ts";
import type { PluginRow } from "../pluginRow.ts";
import { remember } from "../remember.ts";
import type { ViewProps } from "../screen.ts";
import { type ActiveRow, columnsOf, type OptionRow, pointedRow, type Row } from "./rows.ts";
import { type ComposeState, commandOf, faultIn, othersIn, pickedIn, textOf } from "./state.ts";

type Props = ViewProps<ComposeState>;

const labelWidth = 14;
/** What a switch says, as choices. */
const onOff = ["on", "off"];
const BLANK_ROW: Row = { kind: "title", text: "" };
/** Lines under the columns. */
const summaryLines = 8;

/** The screen: three columns of choices, what is under the cursor, and what the sweep would be. */
export function composeLines(props: Props): Line[] {
  const { state, lab, width, height, pen } = props;
  const columns = columnsOf(state, lab);
  const widths = [0.3, 0.3, 0.4].map((share) => Math.floor((width - 1) * share));
  const blocks = columns.map((column, index) => {
    const rows = scrolledTo(column, state.cursor, height - summaryLines);
    return [rows.map((row) => rowLine(row, widths[index]! - 1, props)), widths[index]!] as const;
  });
  const body = pen.beside(...blocks).map((pieces): Line => [piece(" "), ...pieces]);
  const about = pen.fit([piece(" "), ...aboutPieces(pointedRow(state, lab), state)], width);
  const upper = [...body, [], about, ...summary(props)];
  return [...upper, ...planLines(props, height - upper.length)];
}

const pointsOf = remember((spec: SweepSpec) => planSweep(spec).map(({ point }) => point));

/** The points of the plan, where there is room for them. */
function planLines({ state: { preview }, width, pen, screenReader }: Props, room: number): Line[] {
  const drawn = preview?.spec.plan === "grid" || preview?.spec.plan === "rounds";
  if (!drawn || room < 5 || screenReader) return [];
  const map = planMap({ planned: pointsOf(preview.spec), records: [] }, pen);
  return [[], pen.rule("its points", width), ...heatMapLines(map, { width, height: room - 2 }, pen)];
}

/** The rows of a column that have room, with a blank line before each further title where there is room for it. */
function scrolledTo(rows: readonly Row[], cursor: string, height: number): readonly Row[] {
  const titles = rows.filter(({ kind }) => kind === "title").length;
  const airy = rows.length + titles - 1 <= height;
  const spaced = (row: Row, index: number): Row[] => (row.kind === "title" && index > 0 ? [BLANK_ROW, row] : [row]);
  const all = airy ? rows.flatMap(spaced) : rows;
  if (all.length <= height) return all;
  const at = all.findIndex((row) => row.kind !== "title" && row.id === cursor);
  const from = Math.max(0, Math.min(all.length - height, at - height + 2));
  return all.slice(from, from + height);
}

function rowLine(row: Row, width: number, { state, pen }: Props): Line {
  if (row.kind === "title") return [piece(row.text, "title")];
  const pointed = row.id === state.cursor;
  if (row.kind === "plugin") {
    return pen.row(pluginPieces(row.plugin, state, width - 2, pen), pointed && !state.typing, width);
  }
  const { label } = row;
  const name = label === "" ? [] : [pen.cell(label, labelWidth, pointed ? "accent" : "plain")];
  const room = Math.max(0, width - 2 - (label === "" ? 0 : labelWidth));
  return [
    piece(pointed ? `${pen.glyphs.pointer} ` : "  ", "accent"),
    ...name,
    ...optionPieces(row, room, pointed, state, pen),
  ];
}

function optionPieces({ id, option }: OptionRow, width: number, pointed: boolean, state: ComposeState, pen: Pen): Line {
  const text = textOf(state, id);
  const { choices = onOff, written } = option.value;
  const at = written === "boolean" ? Number(text !== "true") : choices.indexOf(text);
  if (written === "boolean" || option.value.choices) return segmentsLine(choices, at, width, pointed, pen);
  const typed = pointed && state.typing?.into === "row" ? state.typing.field : undefined;
  const placeholder = option.placeholder ?? defaultText(option, state.said) ?? defaultInWords(option) ?? "";
  const options = { width: width - 2, focused: typed !== undefined, placeholder };
  const fault = faultIn(option, text) === undefined ? "" : ` ${pen.glyphs.problem}`;
  return [...fieldLine(typed ?? { text, cursor: text.length }, options, pen), piece(fault, "bad")];
}

function pluginPieces(row: PluginRow, state: ComposeState, width: number, pen: Pen): Piece[] {
  const { glyphs } = pen;
  const on = pickedIn(state, row.kind).includes(row.id);
  const dead = row.reason !== undefined;
  const mark = piece(on ? glyphs.checked : dead ? " - " : glyphs.unchecked, dead ? "faint" : on ? "accent" : "plain");
  const detail = row.reason ?? row.version ?? "";
  const name = pen.cell(row.id, Math.min(13, Math.max(8, width - 5)), dead ? "faint" : "plain");
  return [mark, piece(" "), name, pen.cell(` ${detail}`, width - 18, "faint")];
}

/** What the row under the cursor is, and what is wrong with it. */
function aboutPieces(row: ActiveRow | undefined, state: ComposeState): Piece[] {
  if (!row) return [];
  if (row.kind === "option") {
    const fault = faultIn(row.option, textOf(state, row.id));
    return [fault === undefined ? piece(fullHelp(row.option), "faint") : piece(fault, "bad")];
  }
  const { id, title, version = "", reason, setup, advice } = row.plugin;
  if (reason === undefined) return [piece(`${title} `), piece(version, "faint")];
  const key = setup ? "; i installs it" : advice ? `; ${advice}` : "";
  return [piece(`${id}: `), piece(reason + key, "warning")];
}

/** Number of trials, time, and the equal command. */
function summary({ state, width, pen }: Props): Line[] {
  const command = wrapWords(pen.clean(commandOf(state)), width - 6);
  const others = othersIn(state).join(", ");
  const preset = piece(others && `from the preset: ${others}`, "faint");
  const saving = state.typing?.into === "file" ? state.typing.field : undefined;
  return [
    pen.rule("this sweep", width),
    pen.ends([piece(" "), ...outlook(state)], [preset, piece(" ")], width),
    [],
    ...(saving
      ? [
          [piece(" save as  ", "accent"), ...fieldLine(saving, { width: width - 12, focused: true }, pen)],
          line("          enter saves, esc does not", "faint"),
        ]
      : command.map((text, index): Line => [piece(index === 0 ? " $ " : "     ", "faint"), piece(text)])),
  ];
}

function outlook(state: ComposeState): Piece[] {
  const { preview, problem } = state;
  if (pickedIn(state, "proxy").length === 0) return [piece("choose a proxy", "warning")];
  if (problem) return [piece(problem.message, "bad"), piece(problem.help ? ` (${problem.help})` : "", "faint")];
  if (!preview) return [piece("counting ...", "faint")];
  const { points, trials, estimatedSeconds, spec } = preview;
  const time = piece(formatDuration(estimatedSeconds), "title");
  if (spec.plan === "rounds") return [piece(`${roundsPlanInWords(spec)}: about `), time];
  const of = spec.plan === "adaptive" ? (points === 1 ? "curve" : "curves") : points === 1 ? "point" : "points";
  return [
    piece(`${points} `, "title"),
    piece(`${of}, `),
    piece(`${trials} `, "title"),
    piece(trials === 1 ? "trial, about " : "trials, about "),
    time,
  ];
}
