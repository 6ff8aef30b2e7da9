import { cleanText, displayWidth } from "../../core/cells/text.ts";
import { BLANK, fitLine, fitted, line, type Piece, piece, type Size, type StyledLine } from "../text/line.ts";
import type { Theme } from "../theme.ts";

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
export function heatMapLines(map: HeatMap, { width, height }: Size, theme: Theme): StyledLine[] {
  const { ascii, glyphs } = theme;
  if (height < 1 || width < 1) return [];
  if (map.rows.length === 0 || map.columns.length === 0)
    return [fitLine(line(" nothing planned", "faint"), width, ascii)];
  const names = map.rows.map((name) => cleanText(name, ascii));
  const titles = map.columns.map((title) => cleanText(title, ascii));
  const corner = cleanText(map.corner ?? "", ascii);
  const natural = Math.max(displayWidth(corner), ...names.map(displayWidth));
  const nameWidth = Math.min(natural, Math.max(4, Math.floor(width * widestNames)));
  const cellWidth = Math.max(
    ...titles.map(displayWidth),
    ...map.cells.flat().map((cell) => displayWidth(cell?.text ?? "")),
  );
  const shownColumns = extent(
    titles.length,
    Math.floor((width - nameWidth - 2) / (cellWidth + GAP)),
    map.focus?.column,
  );
  const room = height - 1;
  const cut = names.length > room && room > 1; // the last line then says how many there are besides
  const shownRows = extent(names.length, cut ? room - 1 : room, map.focus?.row);
  const moreColumns = titles.length - shownColumns.length;
  const head = [
    fitted(` ${corner}`, nameWidth + 1, ascii, "left", "faint"),
    ...shownColumns.map((column) => fitted(titles[column]!, cellWidth + GAP, ascii, "right", "faint")),
    piece(moreColumns > 0 ? ` +${moreColumns}` : "", "faint"),
  ];
  const lines = shownRows.map((row): StyledLine => {
    const cells = shownColumns.map((column) => map.cells[row]?.[column]);
    return [fitted(` ${names[row]}`, nameWidth + 1, ascii), ...cells.flatMap((cell) => centred(cell, cellWidth))];
  });
  const body = cut ? [...lines, line(` ${glyphs.more} ${names.length - shownRows.length} more`, "faint")] : lines;
  return [head, ...body].slice(0, height).map((pieces) => fitLine(pieces, width, ascii));
}

/** A cell under the middle of its title. */
function centred(cell: Piece | undefined, cellWidth: number): StyledLine {
  if (!cell) return [piece(" ".repeat(cellWidth + GAP))];
  const right = Math.floor((cellWidth - displayWidth(cell.text)) / 2);
  return [
    piece(" ".repeat(GAP + cellWidth - displayWidth(cell.text) - right)),
    cell,
    ...(right > 0 ? [piece(" ".repeat(right))] : BLANK),
  ];
}

/** At most `most` of `count` indexes in a row, with the focus among them. */
function extent(count: number, most: number, focus = 0): number[] {
  const shown = Math.max(0, Math.min(count, most));
  const first = Math.max(0, Math.min(count - shown, focus - Math.floor(shown / 2)));
  return Array.from({ length: shown }, (_, index) => first + index);
}
