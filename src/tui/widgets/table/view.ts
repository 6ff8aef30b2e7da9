import { type Line, line, piece, type Size } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { COLUMN_GAP, columnsFor, fittingColumns } from "../../../core/cells/table.ts";
import { displayWidth } from "../../../core/cells/text.ts";
import { fieldLine } from "../field.ts";
import { windowOf } from "../list.ts";
import type { Arranged, TableColumn, TableKind, TableState } from "./table.ts";

const gap = piece(" ".repeat(COLUMN_GAP));

/** The head of a table and as many rows around its cursor as fit; only these are drawn. */
export function tableLines<T>(
  kind: TableKind<T>,
  shown: Arranged<T>,
  state: TableState,
  { width, height }: Size,
  pen: Pen,
): Line[] {
  const columns = fitting(columnsFor(kind.columns, shown.rows), width - 2);
  const head = [piece("  "), ...columns.flatMap((column) => [headCell(column, state, pen), gap])];
  const { from, to } = windowOf(shown.rows.length, shown.at, height - 1);
  const rows = shown.rows
    .slice(from, to)
    .map((row, index) => pen.row(cellsOf(row, columns, pen), from + index === shown.at, width));
  const lines = [head, ...(rows.length > 0 ? rows : [line("  nothing to show", "faint")])];
  return pen.page(lines, { width, height: Math.min(lines.length, height) });
}

/** The filter while it is typed or in force, what is wrong with it, and which of how many rows are shown. */
export function tableStatus<T>(shown: Arranged<T>, total: number, state: TableState, width: number, pen: Pen): Line {
  const count = shown.rows.length === total ? `${total}` : `${shown.rows.length} of ${total}`;
  const place = shown.rows.length > 0 ? `${shown.at + 1}/${count}` : count;
  const filtering = state.typing || state.filter.text !== "";
  if (!filtering) return pen.fit([piece(` ${place}`, "faint")], width);
  const right = shown.problem ? piece(` ${shown.problem}`, "bad") : piece(` ${place}`, "faint");
  const room = Math.max(10, width - 9 - displayWidth(right.text));
  const field = fieldLine(state.filter, { width: room, focused: state.typing }, pen);
  return pen.fit([piece(" filter ", "faint"), ...field, right], width);
}

/** Columns that have room. */
function fitting<T>(columns: readonly TableColumn<T>[], width: number): TableColumn<T>[] {
  const rankOf = (index: number) => columns[index]!.drop ?? 0;
  const kept = fittingColumns([...columns.keys()], columns.map(widthOfColumn), rankOf, width);
  return kept.map((index) => columns[index]!);
}

/** Room for the title and the sign of its order. */
function widthOfColumn<T>({ title, width }: TableColumn<T>): number {
  return Math.max(width, displayWidth(title) + 1);
}

function headCell<T>(column: TableColumn<T>, { sort }: TableState, pen: Pen) {
  const { up, down } = pen.glyphs;
  const order = sort?.column === column.id ? (sort.descending ? down : up) : "";
  return pen.cell(column.title + order, widthOfColumn(column), order ? "accent" : "title", column.align);
}

function cellsOf<T>(row: T, columns: readonly TableColumn<T>[], pen: Pen): Line {
  return columns.flatMap((column) => [
    pen.cell(column.cell(row), widthOfColumn(column), column.style?.(row), column.align),
    gap,
  ]);
}
