import type { Columns } from "./columns.ts";

/** Rows in the bag of a tree, sorted along each factor; a node of the tree is the same range of all orders. */
export interface Bag {
  readonly table: Columns;
  /** How often each row of the table counts; 0: not in the bag. */
  readonly weights: Float64Array;
  /** Weight times figure of each row. */
  readonly weighted: Float64Array;
  readonly orders: readonly Int32Array[];
  readonly size: number;
  /** Room to part nodes in: a number for each row of the table, and for each in the bag. */
  readonly side: Uint8Array;
  readonly spare: Int32Array;
}

/** A node of a tree and what its rows come to. */
export interface Range {
  readonly start: number;
  /** After its last row. */
  readonly end: number;
  readonly weight: number;
  readonly weighted: number;
  /** Whether the figures of its rows differ. */
  readonly mixed: boolean;
}

export function bagOf(table: Columns, weights: Float64Array): Bag {
  const weighted = weights.map((weight, row) => weight * table.y[row]!);
  const orders = table.sorted.map((order) => order.filter((row) => weights[row]! > 0));
  const size = orders[0]!.length;
  return { table, weights, weighted, orders, size, side: new Uint8Array(weights.length), spare: new Int32Array(size) };
}

export function rangeOf({ table: { y }, weights, weighted, orders }: Bag, start: number, end: number): Range {
  const order = orders[0]!;
  const first = y[order[start]!]!;
  let mixed = false;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    weight += weights[row]!;
    sum += weighted[row]!;
    if (y[row]! !== first) mixed = true;
  }
  return { start, end, weight, weighted: sum, mixed };
}

/** Whether the rows of a node differ along a factor. */
export function varies({ table, orders }: Bag, { start, end }: Range, factor: number): boolean {
  const order = orders[factor]!;
  const levels = table.x[factor]!;
  return levels[order[start]!]! < levels[order[end - 1]!]!;
}

/** Parts the rows of a node: the first up to `at` along a factor come first, in their order along each other factor. */
export function part(bag: Bag, { start, end }: Range, { factor, at }: { factor: number; at: number }): void {
  const { orders, side, spare } = bag;
  const along = orders[factor]!;
  for (let i = start; i < end; i++) side[along[i]!] = i < at ? 1 : 0;
  for (let other = 0; other < orders.length; other++) {
    if (other !== factor) partOne(orders[other]!, start, end, side, spare);
  }
}

/** Rows with side 1 go left. Each is written to both sides, and counts on one: quicker than a branch that cannot be foreseen. */
function partOne(order: Int32Array, start: number, end: number, side: Uint8Array, spare: Int32Array): void {
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const goesLeft = side[row]!;
    order[left] = row;
    spare[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  for (let i = 0; i < right; i++) order[left + i] = spare[i]!;
}
