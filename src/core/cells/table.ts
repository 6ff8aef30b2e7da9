import { type Line, line, paint } from "./line.ts";
import { Pen } from "./pen.ts";
import { type Align, displayWidth, type TextOptions } from "./text.ts";

/** A table as plain data. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly title: string;
  readonly align: Align;
  /** Rank among the columns that may go when the page is narrow: the highest goes first. Others go last, from the right. */
  readonly drop?: number;
}

/** A column with what it shows of a row. */
export interface ColumnOf<Row> extends Column {
  cell(row: Row): string;
}

/** A column of words. */
export function left<Row>(title: string, cell: (row: Row) => string, drop?: number): ColumnOf<Row> {
  return { title, align: "left", cell, ...(drop !== undefined && { drop }) };
}

/** A column of numbers. */
export function right<Row>(title: string, cell: (row: Row) => string, drop?: number): ColumnOf<Row> {
  return { ...left(title, cell, drop), align: "right" };
}

/** The columns that are to be shown of some rows: of the optional ones those that one of the rows has a value for. */
export function columnsFor<Row, C extends { readonly optional?: true; read(row: Row): unknown }>(
  columns: readonly C[],
  rows: readonly Row[],
): C[] {
  return columns.filter(({ optional, read }) => !optional || rows.some((row) => read(row) !== undefined));
}

/** Rows as a table. */
export function tableOf<Row>(rows: readonly Row[], columns: readonly ColumnOf<Row>[]): Table {
  return {
    columns: columns.map(({ title, align, drop }) => ({ title, align, ...(drop && { drop }) })),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
  };
}

/** Blanks between columns. */
export const COLUMN_GAP = 2;
/** How far texts are cut: first to make room for columns that may be dropped, then for those that should stay. */
const SHORTEST_TEXTS = [16, 8];

/** Draws a table as lines of text, none of them wider than `width`; what was dropped is named under it. */
export function drawTable(table: Table, options: TextOptions): string {
  return paint(drawnTable(table, options.width, new Pen(options)), options.colour);
}

/** The same as lines that are still to be painted. */
export function drawnTable(table: Table, width: number, pen: Pen): Line[] {
  const clean = cleanTable(table, pen);
  const { shown, dropped } = layOut(clean, width);
  const textOf = (cells: readonly string[]): string =>
    shown
      .map(({ index, width: cell }) => pen.cell(cells[index] ?? "", cell, "plain", clean.columns[index]!.align).text)
      .join(" ".repeat(COLUMN_GAP));
  const rule = shown.map((column) => pen.glyphs.box.level.repeat(column.width)).join(" ".repeat(COLUMN_GAP));
  const titles = dropped.map((index) => clean.columns[index]!.title).join(", ");
  return [
    line(textOf(clean.columns.map(({ title }) => title)), "title"),
    line(rule, "faint"),
    ...clean.rows.map((cells) => line(textOf(cells))),
    ...(dropped.length > 0 ? [line(pen.cut(`not shown here: ${titles}`, width), "faint")] : []),
  ];
}

function cleanTable({ columns, rows }: Table, pen: Pen): Table {
  return {
    columns: columns.map((column) => ({ ...column, title: pen.clean(column.title) })),
    rows: rows.map((cells) => cells.map((cell) => pen.clean(cell))),
  };
}

/**
 * Drops what may go, then cuts the longest texts no more than it must, then drops from the right. Returns the indexes of
 * the columns that are shown, each with its width, and of those that are not.
 */
function layOut(table: Table, width: number) {
  const { columns, rows } = table;
  const natural = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...rows.map((cells) => displayWidth(cells[index] ?? ""))),
  );
  let shown: readonly number[] = columns.map((_, index) => index);
  for (const shortest of SHORTEST_TEXTS) {
    const least = natural.map((cells, index) => (columns[index]!.align === "left" ? Math.min(cells, shortest) : cells));
    const rank = (index: number): number => columns[index]!.drop ?? (shortest === SHORTEST_TEXTS.at(-1) ? 0 : -1);
    shown = fittingColumns(shown, least, rank, width);
  }
  const widths = cutLongest(table, shown, natural, width);
  const dropped = columns.map((_, index) => index).filter((index) => !shown.includes(index));
  return { shown: shown.map((index) => ({ index, width: widths[index]! })), dropped };
}

/** Columns that fit beside each other: those of the highest rank go first, then from the right; a rank below 0 stays. */
export function fittingColumns(
  columns: readonly number[],
  widths: readonly number[],
  rankOf: (column: number) => number,
  width: number,
): readonly number[] {
  if (columns.length <= 1 || total(columns, widths) <= width) return columns;
  const next = columns.reduce((a, b) => (rankOf(b) >= rankOf(a) ? b : a));
  const others = columns.filter((column) => column !== next);
  return rankOf(next) < 0 ? columns : fittingColumns(others, widths, rankOf, width);
}

function total(shown: readonly number[], widths: readonly number[]): number {
  return shown.reduce((sum, index) => sum + widths[index]!, COLUMN_GAP * (shown.length - 1));
}

function cutLongest({ columns }: Table, shown: readonly number[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const texts = shown.filter((index) => columns[index]!.align === "left");
  const cuttable = texts.length > 0 ? texts : shown;
  while (total(shown, widths) > width) {
    const longest = cuttable.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
    if (widths[longest] === 0) break;
    widths[longest]! -= 1;
  }
  return widths;
}
