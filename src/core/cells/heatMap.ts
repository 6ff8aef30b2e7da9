import { type Line, line, type Piece, piece, type Size } from "./line.ts";
import type { Pen } from "./pen.ts";
import { displayWidth } from "./text.ts";

/** A table of cells that are one short text each. */
export interface HeatMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** A line of cells for each row; an absent cell is blank. */
  readonly cells: readonly (readonly (Piece | undefined)[])[];
  /** The place that has to be seen where not all fit, as row and column. */
  readonly focus?: { readonly row: number; readonly column: number };
  /** Stands over the names of the rows. */
  readonly corner?: string;
}

const GAP = 2;
const widestNames = 0.4;

/** Draws a heat map in at most the size; what has no room is counted: `+3`. */
export function heatMapLines(map: HeatMap, { width, height }: Size, pen: Pen): Line[] {
  if (height < 1 || width < 1) return [];
  if (map.rows.length === 0 || map.columns.length === 0) return [pen.fit(line(" nothing planned", "faint"), width)];
  const names = map.rows.map((name) => pen.clean(name));
  const titles = map.columns.map((title) => pen.clean(title));
  const corner = pen.clean(map.corner ?? "");
  const natural = Math.max(displayWidth(corner), ...names.map(displayWidth));
  const nameWidth = Math.min(natural, Math.max(4, Math.floor(width * widestNames)));
  const texts = map.cells.flat().map((cell) => cell?.text ?? "");
  const cellWidth = Math.max(...[...titles, ...texts].map(displayWidth));
  const fitting = Math.floor((width - nameWidth - 2) / (cellWidth + GAP));
  const shownColumns = extent(titles.length, fitting, map.focus?.column);
  const room = height - 1;
  const cut = names.length > room && room > 1; // the last line then says how many there are besides
  const shownRows = extent(names.length, cut ? room - 1 : room, map.focus?.row);
  const moreColumns = titles.length - shownColumns.length;
  const head = [
    pen.cell(` ${corner}`, nameWidth + 1, "faint"),
    ...shownColumns.map((column) => pen.cell(titles[column]!, cellWidth + GAP, "faint", "right")),
    piece(moreColumns > 0 ? ` +${moreColumns}` : "", "faint"),
  ];
  const lines = shownRows.map((row): Line => {
    const cells = shownColumns.map((column) => map.cells[row]?.[column]);
    return [pen.cell(` ${names[row]}`, nameWidth + 1), ...cells.flatMap((cell) => centred(cell, cellWidth))];
  });
  const body = cut ? [...lines, line(` ${pen.glyphs.more} ${names.length - shownRows.length} more`, "faint")] : lines;
  return [head, ...body].slice(0, height).map((pieces) => pen.fit(pieces, width));
}

/** A cell under the middle of its title. */
function centred(cell: Piece | undefined, cellWidth: number): Line {
  if (!cell) return [piece(" ".repeat(cellWidth + GAP))];
  const right = Math.floor((cellWidth - displayWidth(cell.text)) / 2);
  return [piece(" ".repeat(GAP + cellWidth - displayWidth(cell.text) - right)), cell, piece(" ".repeat(right))];
}

/** At most `most` of `count` indexes in a row, with the focus among them. */
function extent(count: number, most: number, focus = 0): number[] {
  const shown = Math.max(0, Math.min(count, most));
  const first = Math.max(0, Math.min(count - shown, focus - Math.floor(shown / 2)));
  return Array.from({ length: shown }, (_, index) => first + index);
}
