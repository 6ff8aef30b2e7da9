import type { Training } from "../../../core/contract/index.ts";

/** Rows by columns, sorted once for all trees. There is at least one column. */
export interface Columns {
  /** Levels by factor. */
  readonly x: readonly Float64Array[];
  /** By factor, the rows from its least level to its highest. */
  readonly sorted: readonly Int32Array[];
  /** Figures, less their mean: sums of squares lose no digits, and adding to all figures changes no split. */
  readonly y: Float64Array;
  readonly mean: number;
}

export function sortedColumns({ factors, x, y }: Training): Columns {
  const columns = factors.map((_, column) => Float64Array.from(x, (row) => row[column]!));
  // Without factors there is nothing to split by, but still something to average.
  if (columns.length === 0) columns.push(new Float64Array(y.length));
  const mean = y.reduce((sum, figure) => sum + figure, 0) / y.length;
  const centred = Float64Array.from(y, (figure) => figure - mean);
  return { x: columns, sorted: columns.map(risingOrder), y: centred, mean };
}

function risingOrder(levels: Float64Array): Int32Array {
  return Int32Array.from(levels.keys()).sort((a, b) => levels[a]! - levels[b]! || a - b);
}
