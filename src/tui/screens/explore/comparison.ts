import { type Line, line, type Piece, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { drawnTable } from "../../../core/cells/table.ts";
import type { Figure } from "../../../core/domain/figures.ts";
import { formatTimes } from "../../../core/domain/format.ts";
import type { Comparison } from "../../../core/statistics/sides/compare.ts";
import { comparisonTable } from "../../../core/views/comparisonTable.ts";
import { comparisonInWords, nothingInCommon, type SideNames } from "../../../core/words/comparison.ts";
import { atItsSpeed } from "../../../core/words/speed.ts";
import type { SidesCompared } from "./data.ts";

/** A comparison of two sides: the answer, its interval beside no difference, and each setting. */
export function comparisonLines(
  found: SidesCompared,
  figure: Figure,
  names: SideNames,
  width: number,
  pen: Pen,
): Line[] {
  if (found.pairings.length === 0) {
    return [line(` ${nothingInCommon(figure.label, names)}`, "warning")];
  }
  const label = atItsSpeed(figure.label, figure, found.speed);
  const [answer, ...remarks] = comparisonInWords(found, label, names);
  const indented = (pieces: Line): Line => [piece(" "), ...pieces];
  return [
    ...pen.paragraph(answer!, width, toneOf(found, figure)),
    ...remarks.flatMap((remark) => pen.paragraph(remark, width, "faint")),
    [],
    ...ratioBar(found, Math.min(72, width - 2), pen).map(indented),
    [],
    ...drawnTable(comparisonTable(found, figure, names), width - 1, pen).map(indented),
  ];
}

function toneOf({ verdict }: Comparison, { better }: Figure) {
  if (verdict === "unstable") return "warning";
  if (verdict === "no difference" || verdict === "too few" || better === "neither") return "plain";
  return (verdict === "higher") === (better === "higher") ? "good" : "bad";
}

/** The interval of the ratio on a scale of ratios, with the mark of no difference. Two lines, or none without an interval. */
function ratioBar({ ratio }: Comparison, width: number, pen: Pen): Line[] {
  if (!ratio || width < 24) return [];
  const widest = Math.max(Math.abs(Math.log(ratio.low)), Math.abs(Math.log(ratio.high)), Math.log(1.05)) * 1.15;
  const last = width - 1;
  const column = (value: number) =>
    Math.max(0, Math.min(last, Math.round(((Math.log(value) + widest) / (2 * widest)) * last)));
  const { left, right, track, knob } = pen.glyphs.slider;
  const cells = Array.from({ length: width }, (): Piece => piece(" "));
  for (let at = column(ratio.low); at <= column(ratio.high); at += 1) cells[at] = piece(track, "accent");
  cells[column(1)] = piece(pen.glyphs.box.upright, "faint");
  cells[column(ratio.low)] = piece(left, "accent");
  cells[column(ratio.high)] = piece(right, "accent");
  cells[column(ratio.estimate)] = piece(knob, "accent");
  const ends = [Math.exp(-widest), 1, Math.exp(widest)].map(formatTimes);
  const middle = column(1) - Math.floor(ends[1]!.length / 2);
  const scale = (ends[0]!.padEnd(middle) + ends[1]!).padEnd(width - ends[2]!.length) + ends[2]!;
  return [cells, line(scale, "faint")];
}
