import { type HeatMap, heatMapLines } from "../../../core/cells/heatMap.ts";
import { type Line, line, type Piece, piece, type Size } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { formatCoefficient, formatPercent } from "../../../core/domain/format.ts";
import type { Coefficient, CorrelationMatrix } from "../../../core/statistics/trials/correlation.ts";
import { speedRemarks } from "../../../core/words/speed.ts";
import { type Correlations, type MapCell, type ModelsState, varyingVariables } from "./state.ts";

/** The lower half of the matrix, each cell its coefficient; the chosen one in words below it. */
export function correlationLines(
  { matrix, trials, speed }: Correlations,
  { cell, method }: Pick<ModelsState, "cell" | "method">,
  { width, height }: Size,
  pen: Pen,
): Line[] {
  const shown = varyingVariables(matrix);
  if (shown.length < 2) return [line("  too few figures vary to correlate them", "faint")];
  const [row, column] = clamped(cell ?? firstCell(matrix), shown.length);
  const names = shown.map((at, place) => `${letterOf(place)} ${matrix.variables[at]!.label}`);
  const map: HeatMap = {
    rows: names,
    columns: shown.slice(0, -1).map((_, place) => letterOf(place)),
    corner: `n ${trials}`,
    cells: shown.map((at, index) =>
      shown.slice(0, index).map((other, place) => {
        const drawn = coefficientPiece(matrix[method][at]![other]!, pen);
        return index === row && place === column ? marked(drawn, pen) : drawn;
      }),
    ),
    focus: { row, column },
  };
  const notes = [
    `Faint with ${pen.glyphs.unsure}: may be chance. Between factors: how the plan was made.`,
    ...speedRemarks(speed),
  ];
  const below = [
    ...pen.paragraph(inWords(matrix, shown[row]!, shown[column]!, method), width),
    ...notes.flatMap((note) => pen.paragraph(note, width, "faint")),
  ];
  const drawn = heatMapLines(map, { width, height: Math.max(2, height - below.length - 1) }, pen);
  return [...drawn, [], ...below];
}

/** The first figure against the first factor. */
export function firstCell(matrix: CorrelationMatrix): MapCell {
  return [varyingVariables(matrix).findIndex((at) => matrix.variables[at]!.kind === "outcome"), 0];
}

/** The place after a step through the lower half, or the nearest one in it. */
export function clamped([row, column]: MapCell, count: number): MapCell {
  const to = Math.max(1, Math.min(count - 1, row));
  return [to, Math.max(0, Math.min(to - 1, column))];
}

function letterOf(place: number): string {
  return String.fromCharCode("a".charCodeAt(0) + place);
}

/** `█ .98`, `▓-.71`; one that may be chance is faint and has a sign of that before it. */
function coefficientPiece({ r, low, high }: Coefficient, pen: Pen): Piece {
  if (r === undefined) return piece("    -", "faint");
  const text = formatCoefficient(r)
    .replace(/^(-?)0\./, "$1.")
    .padStart(4);
  const sure = low === undefined ? Math.abs(r) === 1 : low > 0 || high! < 0;
  if (!sure) return piece(`${pen.glyphs.unsure}${text}`, "faint");
  const strength = Math.min(4, Math.floor(Math.abs(r) * 5));
  return piece(`${strength === 0 ? " " : pen.glyphs.shades[strength]}${text}`, r > 0 ? 0 : 1);
}

function marked(cell: Piece, { colour }: Pen): Piece {
  return colour ? { ...cell, inverse: true } : { ...cell, text: `>${cell.text.slice(1)}` };
}

function inWords(matrix: CorrelationMatrix, row: number, column: number, method: ModelsState["method"]): string {
  const { r, low, high, n } = matrix[method][row]![column]!;
  const [a, b] = [matrix.variables[row]!.label, matrix.variables[column]!.label];
  if (r === undefined) return `${a} and ${b}: not known, n ${n}`;
  const range =
    low === undefined
      ? ""
      : ` (${formatCoefficient(low)} to ${formatCoefficient(high)}, ${formatPercent(matrix.confidence)})`;
  const name = method === "spearman" ? "Spearman's rank correlation" : "Pearson's correlation";
  return `${a} and ${b}: ${formatCoefficient(r)}${range}, n ${n}, ${name}`;
}
