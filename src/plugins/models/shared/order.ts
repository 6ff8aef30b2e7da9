import type { Training } from "../../../core/contract/index.ts";

/** The rows sorted by their levels, then figures: sums, and so models, do not depend on the order of measuring. */
export function inOrder(training: Training): Training {
  return arrange(training, risingOrder(training));
}

/** Numbers of the rows, sorted by their levels, then figures. */
export function risingOrder({ x, y }: Training): number[] {
  return y.map((_, row) => row).sort((a, b) => compare(x[a]!, x[b]!) || y[a]! - y[b]!);
}

export function arrange({ factors, x, y }: Training, order: readonly number[]): Training {
  return { factors, x: order.map((row) => x[row]!), y: order.map((row) => y[row]!) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((level, i) => level !== b[i]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}
