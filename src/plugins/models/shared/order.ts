import type { Training } from "../../../core/contract/index.ts";

/** The rows sorted by their levels, then figures: sums, and so models, do not depend on the order of measuring. */
export function inOrder({ factors, x, y }: Training): Training {
  const order = y.map((_, row) => row).sort((a, b) => compare(x[a]!, x[b]!) || y[a]! - y[b]!);
  return { factors, x: order.map((row) => x[row]!), y: order.map((row) => y[row]!) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((level, i) => level !== b[i]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}
