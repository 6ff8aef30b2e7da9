import { type Line, paint } from "./paint.ts";
import { type Align, cleanText, displayWidth, fitTo, type TextOptions, truncate } from "./text.ts";

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

const GAP = 2;
/** How far texts are cut: first to make room for columns that may be dropped, then for those that should stay. */
const SHORTEST_TEXTS = [16, 8];

interface Layout {
  /** Indexes of the columns that are shown, and how wide each is. */
  readonly shown: readonly { readonly index: number; readonly width: number }[];
  readonly dropped: readonly number[];
}

/** Draws a table as lines of text, none of them wider than `width`; what was dropped is named under it. */
export function drawTable(table: Table, options: TextOptions): string {
  const clean = cleanTable(table, options.ascii);
  const { shown, dropped } = layOut(clean, options.width);
  const line = (cells: readonly string[]): string =>
    shown
      .map(({ index, width }) => fitTo(cells[index] ?? "", width, clean.columns[index]!.align, options.ascii))
      .join(" ".repeat(GAP));
  const rule = shown.map(({ width }) => (options.ascii ? "-" : "─").repeat(width)).join(" ".repeat(GAP));
  const lines: Line[] = [
    [{ text: line(clean.columns.map(({ title }) => title)), style: "title" }],
    [{ text: rule, style: "faint" }],
    ...clean.rows.map((cells): Line => [{ text: line(cells), style: "plain" }]),
  ];
  if (dropped.length > 0) lines.push([{ text: droppedLine(clean, dropped, options), style: "faint" }]);
  return paint(lines, options.colour);
}

function cleanTable(table: Table, ascii: boolean): Table {
  return {
    columns: table.columns.map((column) => ({ ...column, title: cleanText(column.title, ascii) })),
    rows: table.rows.map((cells) => cells.map((cell) => cleanText(cell, ascii))),
  };
}

/** Drops what may go, then cuts the longest texts no more than it must, then drops from the right. */
function layOut(table: Table, width: number): Layout {
  const { columns, rows } = table;
  const natural = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...rows.map((cells) => displayWidth(cells[index] ?? ""))),
  );
  const shown = columns.map((_, index) => index);
  for (const shortest of SHORTEST_TEXTS) {
    const least = natural.map((cells, index) => (columns[index]!.align === "left" ? Math.min(cells, shortest) : cells));
    const rank = (index: number): number => columns[index]!.drop ?? (shortest === SHORTEST_TEXTS.at(-1) ? 0 : -1);
    while (shown.length > 1 && total(shown, least) > width) {
      const next = shown.reduce((a, b) => (rank(b) >= rank(a) ? b : a));
      if (rank(next) < 0) break;
      shown.splice(shown.indexOf(next), 1);
    }
  }
  const widths = cutLongest(table, shown, natural, width);
  const dropped = columns.map((_, index) => index).filter((index) => !shown.includes(index));
  return { shown: shown.map((index) => ({ index, width: widths[index]! })), dropped };
}

function total(shown: readonly number[], widths: readonly number[]): number {
  return shown.reduce((sum, index) => sum + widths[index]!, GAP * (shown.length - 1));
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

function droppedLine(table: Table, dropped: readonly number[], { width, ascii }: TextOptions): string {
  const titles = dropped.map((index) => table.columns[index]!.title).join(", ");
  return truncate(`not shown here: ${titles}`, width, ascii);
}
