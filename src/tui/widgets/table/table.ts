import type { Style } from "../../../core/cells/line.ts";
import type { Align } from "../../../core/cells/text.ts";
import type { KeyName } from "../../keys.ts";
import { fieldOf, type TextField } from "../field.ts";
import { entryAfter, LIST_KEYS, placeOf } from "../list.ts";
import { type Field, type Filtered, filterRows } from "./query.ts";

export interface TableColumn<T> extends Field<T> {
  readonly title: string;
  readonly align: Align;
  /** Columns of the terminal that its widest cell takes. */
  readonly width: number;
  /** Rank among the columns that may go when the page is narrow: the highest goes first. */
  readonly drop?: number;
  /** It is shown only where a row has a value for it. */
  readonly optional?: true;
  cell(row: T): string;
  style?(row: T): Style;
}

/** A column of words, titled as it is typed. */
export function wordsColumn<T>(id: string, width: number, read: (row: T) => string): TableColumn<T> {
  return { id, title: id, align: "left", width, read, cell: read };
}

export interface TableState {
  readonly filter: TextField;
  /** The filter is being typed. */
  readonly typing: boolean;
  readonly sort?: { readonly column: string; readonly descending: boolean } | undefined;
  /** Key of the row that the cursor is on; it stays there when rows come and go. */
  readonly cursor?: string;
}

export const emptyTable: TableState = { filter: fieldOf(""), typing: false };

/** Rows as a table shows them. */
export interface Arranged<T> extends Filtered<T> {
  /** Place of the row with the cursor; 0 where that row is not shown. */
  readonly at: number;
}

/** A kind of table: its columns, and what tells its rows apart. */
export interface TableKind<T> {
  readonly columns: readonly TableColumn<T>[];
  keyOf(row: T): string;
}

/**
 * Filters and sorts; the last answer is kept, since a screen is drawn more often than rows, filter or order change. With
 * ten thousand rows a key takes some milliseconds.
 */
export function arrangerOf<T>(kind: TableKind<T>) {
  let last: { rows: readonly T[]; filter: string; sort: TableState["sort"]; shown: Filtered<T> } | undefined;
  return (rows: readonly T[], { filter, sort, cursor }: TableState): Arranged<T> => {
    if (last?.rows !== rows || last.filter !== filter.text || last.sort !== sort) {
      const filtered = filterRows(rows, filter.text, kind.columns);
      last = { rows, filter: filter.text, sort, shown: { ...filtered, rows: sorted(filtered.rows, kind, sort) } };
    }
    const { shown } = last;
    return { ...shown, at: placeOf(shown.rows, (row) => kind.keyOf(row) === cursor) };
  };
}

/** Rows in the order of a column; rows without a value come last either way. */
function sorted<T>(rows: readonly T[], { columns }: TableKind<T>, sort: TableState["sort"]): readonly T[] {
  const column = columns.find(({ id }) => id === sort?.column);
  if (!column || !sort) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows
    .map((row, place) => ({ row, place, value: column.read(row) }))
    .sort((a, b) => {
      if (a.value === b.value) return a.place - b.place;
      if (a.value === undefined) return 1;
      if (b.value === undefined) return -1;
      return a.value < b.value ? -sign : sign;
    })
    .map(({ row }) => row);
}

/** Letters for the keys of a list. */
const LETTERS: Readonly<Record<KeyName, KeyName>> = { k: "up", j: "down", g: "home", G: "end" };

/** Keys that move the cursor. */
export const TABLE_KEYS = [LIST_KEYS, ...Object.keys(LETTERS)].join(" ");

/** The table after a key that moves its cursor. */
export function cursorMoved<T>(
  state: TableState,
  { rows, at }: Arranged<T>,
  kind: TableKind<T>,
  key: KeyName,
): TableState {
  const row = entryAfter(LETTERS[key] ?? key, rows, rows[at]);
  return row === undefined ? state : { ...state, cursor: kind.keyOf(row) };
}

/** Sorted by a column; by the same one again, the other way round. */
export function sortedBy(state: TableState, column: string): TableState {
  const descending = state.sort?.column === column ? !state.sort.descending : false;
  return { ...state, sort: { column, descending } };
}
