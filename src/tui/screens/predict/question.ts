import { rateOf } from "../../../core/answer/goals.ts";
import { type Line, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { formatRate } from "../../../core/domain/format.ts";
import { fieldLine } from "../../widgets/field.ts";
import { askedBy, FIELDS, type FieldName } from "./goals.ts";
import type { PredictState } from "./state.ts";

const SHAPES = {
  completed: { before: "completed requests", after: "", width: 9, placeholder: "any" },
  within: { before: "in", after: "s", width: 5, placeholder: "" },
  rate: { before: "or requests/s", after: "", width: 9, placeholder: "" },
  p99: { before: "p99 at most", after: "ms", width: 9, placeholder: "any" },
  failed: { before: "failed at most", after: "%", width: 6, placeholder: "any" },
  sure: { before: "sure at", after: "%", width: 6, placeholder: "90" },
} satisfies Readonly<Record<FieldName, object>>;
type Shape = (typeof SHAPES)[FieldName];

const FIRST_LABEL = 18;
/** Narrower pages have the fields in more lines. */
const TWO_LINES = 78;

/** The question: its fields, the rate that they come to, and what is wrong with them. */
export function questionLines(state: PredictState, width: number, pen: Pen): Line[] {
  const asked = askedBy(state.fields);
  const rate = asked.ok ? rateOf(asked.goals) : undefined;
  const shapes = { ...SHAPES, rate: { ...SHAPES.rate, placeholder: rate === undefined ? "" : formatRate(rate) } };
  const starts = width >= TWO_LINES ? [0, 3] : [0, 2, 3, 5];
  const rows = starts.map((start, row) => FIELDS.slice(start, starts[row + 1]));
  const lines = rows.map((row) => row.flatMap((name, index) => cell(state, name, shapes[name], index === 0, pen)));
  const problem = asked.ok ? [] : [[piece(`  ${SHAPES[asked.field].before}: ${asked.problem}`, "bad")]];
  return [...lines, ...problem];
}

function cell({ focus, fields }: PredictState, name: FieldName, shape: Shape, first: boolean, pen: Pen): Line {
  const { before, after, width, placeholder } = shape;
  const focused = focus.on === "field" && focus.name === name;
  const label = first ? before.padEnd(FIRST_LABEL) : before;
  return [
    piece(focused ? `${pen.glyphs.pointer} ` : "  ", "accent"),
    piece(`${label} `, focused ? "accent" : "plain"),
    ...fieldLine(fields[name], { width, focused, placeholder }, pen),
    piece(after === "" ? " " : `${after} `, "faint"),
  ];
}
