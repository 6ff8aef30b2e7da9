import { cleanText, displayWidth } from "../../../core/cells/text.ts";
import { fitLine, fitted, inverted, line, piece, type Size, type StyledLine } from "../../text/line.ts";
import { signs } from "../../text/signs.ts";
import type { Theme } from "../../theme.ts";
import { fieldLine } from "../field.ts";
import { windowOf } from "../window.ts";
import type { Arranged, TableColumn, TableKind, TableState } from "./table.ts";

const GAP = 2;

/** The head of a table and as many rows around its cursor as fit; only these are drawn. */
export function tableLines<T>(
  kind: TableKind<T>,
  shown: Arranged<T>,
  state: TableState,
  { width, height }: Size,
  theme: Theme,
): StyledLine[] {
  const columns = fitting(kind.columns, width - 2);
  const head: StyledLine = [piece("  "), ...columns.flatMap((column) => [headCell(column, state, theme), gap()])];
  const { from, to } = windowOf(shown.rows.length, shown.at, height - 1);
  const rows = shown.rows
    .slice(from, to)
    .map((row, index) => rowLine(row, columns, from + index === shown.at, width, theme));
  const body = rows.length > 0 ? rows : [line("  nothing to show", "faint")];
  return [head, ...body].slice(0, Math.max(0, height)).map((pieces) => fitLine(pieces, width, theme.ascii));
}

/** The filter while it is typed or in force, what is wrong with it, and which of how many rows are shown. */
export function tableStatus<T>(
  shown: Arranged<T>,
  total: number,
  state: TableState,
  width: number,
  theme: Theme,
): StyledLine {
  const count = shown.rows.length === total ? `${total}` : `${shown.rows.length} of ${total}`;
  const place = shown.rows.length > 0 ? `${shown.at + 1}/${count}` : count;
  const filtering = state.typing || state.filter.text !== "";
  if (!filtering) return fitLine([piece(` ${place}`, "faint")], width, theme.ascii);
  const right = shown.problem ? piece(` ${shown.problem}`, "bad") : piece(` ${place}`, "faint");
  const room = Math.max(10, width - 9 - displayWidth(right.text));
  const field = fieldLine(state.filter, { width: room, focused: state.typing }, theme);
  return fitLine([piece(" filter ", "faint"), ...field, right], width, theme.ascii);
}

/** Columns that fit: those of the highest rank go first, then from the right. */
function fitting<T>(columns: readonly TableColumn<T>[], width: number): TableColumn<T>[] {
  const kept = [...columns];
  const total = () => kept.reduce((sum, column) => sum + widthOfColumn(column) + GAP, 0);
  while (kept.length > 1 && total() - GAP > width) {
    const next = kept.reduce((a, b) => ((b.drop ?? 0) >= (a.drop ?? 0) ? b : a));
    kept.splice(kept.indexOf(next), 1);
  }
  return kept;
}

/** Room for the title and the sign of its order. */
function widthOfColumn<T>({ title, width }: TableColumn<T>): number {
  return Math.max(width, displayWidth(title) + 1);
}

function headCell<T>(column: TableColumn<T>, { sort }: TableState, theme: Theme) {
  const { up, down } = signs(theme);
  const order = sort?.column === column.id ? (sort.descending ? down : up) : "";
  return fitted(column.title + order, widthOfColumn(column), theme.ascii, column.align, order ? "accent" : "title");
}

function rowLine<T>(
  row: T,
  columns: readonly TableColumn<T>[],
  chosen: boolean,
  width: number,
  theme: Theme,
): StyledLine {
  const cells = columns.flatMap((column) => [
    fitted(
      cleanText(column.cell(row), theme.ascii),
      widthOfColumn(column),
      theme.ascii,
      column.align,
      column.style?.(row),
    ),
    gap(),
  ]);
  const pieces = [piece(chosen ? `${theme.glyphs.pointer} ` : "  "), ...cells];
  return chosen ? inverted(pieces, width, theme.ascii) : pieces;
}

function gap() {
  return piece(" ".repeat(GAP));
}
