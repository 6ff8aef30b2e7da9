import { displayWidth, fitTo } from "../../../core/cells/text.ts";
import type { Comparison } from "../../../core/statistics/trials/compare.ts";
import { apartInWords, comparisonInWords, comparisonTable, drawTable, type Metric } from "../../../core/views/index.ts";
import { fitLine, line, type Piece, piece, type Size, type StyledLine } from "../../text/line.ts";
import { signs } from "../../text/signs.ts";
import { wrapped } from "../../text/wrap.ts";
import type { Theme } from "../../theme.ts";

/** A comparison of two sides: the answer, its interval beside no difference, and each setting. */
export function comparisonLines(
  found: Comparison,
  metric: Metric,
  names: readonly [string, string],
  { width, height }: Size,
  theme: Theme,
): StyledLine[] {
  if (found.pairings.length === 0) {
    return [line(` ${names[0]} and ${names[1]} have no setting in common with this figure`, "warning")];
  }
  const answer = wrapped(comparisonInWords(found, metric, names), width - 2).map((text) =>
    line(` ${text}`, toneOf(found, metric)),
  );
  const told = apartInWords(found);
  const apart = told === undefined ? [] : wrapped(told, width - 2);
  const bar = ratioBar(found, Math.min(72, width - 2), theme);
  const table = drawTable(comparisonTable(found, metric, names), {
    width: width - 1,
    colour: false,
    ascii: theme.ascii,
  });
  const rows = table
    .split("\n")
    .map((text, index) => line(` ${text}`, index === 0 ? "title" : index === 1 ? "faint" : "plain"));
  const all = [...answer, ...apart.map((text) => line(` ${text}`, "faint")), [], ...bar, [], ...rows];
  return all.slice(0, Math.max(0, height)).map((pieces) => fitLine(pieces, width, theme.ascii));
}

function toneOf({ verdict }: Comparison, { better }: Metric) {
  if (verdict === "no difference" || verdict === "too few" || better === "neither") return "plain";
  return (verdict === "higher") === (better === "higher") ? "good" : "bad";
}

/** The interval of the ratio on a scale of ratios, with the mark of no difference. Two lines, or none without an interval. */
function ratioBar({ ratio }: Comparison, width: number, theme: Theme): StyledLine[] {
  if (!ratio || width < 24) return [];
  const widest = Math.max(Math.abs(Math.log(ratio.low)), Math.abs(Math.log(ratio.high)), Math.log(1.05)) * 1.15;
  const last = width - 1;
  const column = (value: number) =>
    Math.max(0, Math.min(last, Math.round(((Math.log(value) + widest) / (2 * widest)) * last)));
  const { left, right, track, knob } = signs(theme).slider;
  const cells = Array.from({ length: width }, (): Piece => piece(" "));
  for (let at = column(ratio.low); at <= column(ratio.high); at += 1) cells[at] = piece(track, "accent");
  cells[column(1)] = piece(signs(theme).box.upright, "faint");
  cells[column(ratio.low)] = piece(left, "accent");
  cells[column(ratio.high)] = piece(right, "accent");
  cells[column(ratio.estimate)] = piece(knob, "accent");
  const ends = [Math.exp(-widest), 1, Math.exp(widest)].map((value) => `x${value.toFixed(2)}`);
  const middle = column(1) - Math.floor(displayWidth(ends[1]!) / 2);
  const scale =
    fitTo(fitTo(ends[0]!, middle, "left", true) + ends[1]!, width - ends[2]!.length, "left", true) + ends[2]!;
  return [[piece(" "), ...cells], [piece(` ${scale}`, "faint")]];
}
