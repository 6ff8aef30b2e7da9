/**
 * Fold of each row of `x`, from 0. Replicates of one configuration share a fold. At most `most` folds; with no more
 * configurations than that, each has its own. Else configurations are dealt out in an order that depends on the seed
 * and on the set of configurations, not on the order of the rows.
 */
export function foldsOf(x: readonly (readonly number[])[], most: number, seed: number): number[] {
  const order = shuffle(configurations(x), seed);
  const fold = new Map(order.map((row, i) => [row.join(), i % most]));
  return x.map((row) => fold.get(row.join())!);
}

/** The different rows of `x`, in rising order. */
export function configurations(x: readonly (readonly number[])[]): (readonly number[])[] {
  const different = new Map(x.map((row) => [row.join(), row]));
  return [...different.values()].sort(compareRows);
}

function compareRows(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((value, i) => value !== b[i]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const random = generator(seed);
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Numbers in [0, 1) by mulberry32 (Tommy Ettinger, public domain). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
