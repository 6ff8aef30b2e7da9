import type { Training } from "../../../core/contract/index.ts";

/**
 * Throws an Error where there are too few rows, or where a level or a figure is not what the model needs. `model`: its name
 * in messages. `positive`: figures must be above 0, as they must where their logarithms are learned.
 */
export function checkTraining({ factors, x, y }: Training, model: string, minimumRows: number, positive: boolean) {
  if (x.length !== y.length) throw new Error(`there are ${x.length} rows of levels, but ${y.length} figures`);
  if (y.length < minimumRows) throw new Error(`${model} needs ${minimumRows} rows, got ${y.length}`);
  checkLevels(factors, x);
  y.forEach((figure, i) => {
    if (!Number.isFinite(figure)) throw new Error(`row ${i}: the measured figure must be a number, is ${figure}`);
    if (positive && figure <= 0) throw new Error(`row ${i}: the measured figure must be above 0, is ${figure}`);
  });
}

/** Throws an Error where a row lacks a factor, has one too many, or a level that is no number. */
export function checkLevels(factors: readonly string[], x: readonly (readonly number[])[]): void {
  x.forEach((row, i) => {
    if (row.length > factors.length) throw new Error(`row ${i} has ${row.length} levels, not ${factors.length}`);
    factors.forEach((factor, column) => {
      if (!Number.isFinite(row[column])) throw new Error(`row ${i}: ${factor} must be a number, is ${row[column]}`);
    });
  });
}

/** Throws an Error where the seed is not a whole number. */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new Error(`the seed must be a whole number, is ${seed}`);
}

/** The rows sorted by their levels, then figures: sums, and so models, do not depend on the order of measuring. */
export function inOrder({ factors, x, y }: Training): Training {
  const order = y.map((_, row) => row).sort((a, b) => compare(x[a]!, x[b]!) || y[a]! - y[b]!);
  return { factors, x: order.map((row) => x[row]!), y: order.map((row) => y[row]!) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((level, i) => level !== b[i]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}
