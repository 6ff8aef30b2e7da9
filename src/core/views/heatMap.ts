import { type Line, line, type Piece, paint, piece } from "../cells/line.ts";
import { Pen } from "../cells/pen.ts";
import { type TextOptions, wrapWords } from "../cells/text.ts";
import { formatCoefficient } from "../domain/format.ts";
import type { Coefficient, CorrelationMatrix } from "../statistics/trials/correlation.ts";

const LABEL_WIDTH = 19;
const CELL_WIDTH = 6;

/**
 * The lower half of a matrix as text: in each cell a shade for the strength, and the coefficient. Cells whose interval
 * holds 0 are faint; with colours falling and rising ones differ. Variables that are constant are named below it.
 */
export function heatMap(matrix: CorrelationMatrix, method: "pearson" | "spearman", options: TextOptions): string {
  const shown = matrix.variables.flatMap(({ constant }, index) => (constant ? [] : [index]));
  const columns = shown.slice(0, -1);
  const fitting = Math.max(1, Math.floor((options.width - LABEL_WIDTH - 3) / CELL_WIDTH));
  const pen = new Pen(options);
  const lines = shown.map((row, place): Line => {
    const label = pen.cell(`${place + 1} ${matrix.variables[row]!.label}`, LABEL_WIDTH + 3);
    const cells = columns.slice(0, Math.min(place, fitting)).map((column) => cell(matrix[method][row]![column]!, pen));
    return [label, ...cells];
  });
  const heads = columns.slice(0, fitting).map((_, place) => String(place + 1).padStart(CELL_WIDTH));
  lines.push(line(" ".repeat(LABEL_WIDTH + 3) + heads.join(""), "faint"));
  return paint([...lines, ...notes(matrix, shown.length - 1 > fitting, options.width, pen)], options.colour);
}

function cell({ r, low, high }: Coefficient, pen: Pen): Piece {
  if (r === undefined) return pen.cell("-", CELL_WIDTH, "faint", "right");
  const shade = pen.glyphs.shades[Math.min(4, Math.floor(Math.abs(r) * 5))]!;
  const text = ` ${shade}${formatCoefficient(r)
    .replace(/^(-?)0\./, "$1.")
    .padStart(CELL_WIDTH - 2)}`;
  const unsure = low === undefined ? Math.abs(r) < 1 : low <= 0 && high! >= 0;
  return piece(text, unsure ? "faint" : r > 0 ? 0 : 1);
}

function notes(matrix: CorrelationMatrix, cut: boolean, width: number, pen: Pen): Line[] {
  const constant = matrix.variables.filter((variable) => variable.constant);
  const named = (has: boolean) => constant.filter(({ n }) => n > 0 === has).map(({ label }) => label);
  const texts = [
    ...(named(true).length > 0 ? [`the same in all trials: ${named(true).join(", ")}`] : []),
    ...(named(false).length > 0 ? [`not measured: ${named(false).join(", ")}`] : []),
    ...(cut ? ["columns left out: a wider terminal shows them"] : []),
  ];
  return texts.flatMap((text) => wrapWords(text, width)).map((text) => line(pen.cut(text, width), "faint"));
}
