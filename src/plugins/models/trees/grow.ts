import { type Bag, bagOf, part, type Range, rangeOf, varies } from "./bag.ts";
import type { Columns } from "./columns.ts";
import { noSplit, type Split, splitAlong } from "./split.ts";
import type { Tree } from "./tree.ts";

export interface Growth {
  /** Fewest rows in a leaf. */
  readonly minimumLeaf: number;
  /** Factors tried at each split: drawn from those that vary there. */
  readonly factorsPerSplit: number;
}

/**
 * Grows a regression tree as far as it goes on rows that have weights (0: left out; not all may be): at each node the
 * split that leaves the least sum of squares (Breiman, Friedman, Olshen and Stone, "Classification and Regression
 * Trees", 1984). The rows of a node stay sorted along each factor, so that no node needs to sort. `random` gives
 * numbers in [0, 1). The table must have a factor.
 */
export function growTree(table: Columns, weights: Float64Array, growth: Growth, random: () => number): Tree {
  const bag = bagOf(table, weights);
  const factors = table.x.map((_, factor) => factor);
  const [feature, value, right]: [number[], number[], number[]] = [[], [], []];
  // Nodes to be made, three numbers each: first row, row after the last, and the parent of a right child, else -1.
  const open = [0, bag.size, -1];
  while (open.length > 0) {
    const parent = open.pop()!;
    const end = open.pop()!;
    const start = open.pop()!;
    const node = right.length;
    if (parent >= 0) right[parent] = node;
    const range = rangeOf(bag, start, end);
    const split = bestSplit(bag, range, growth, factors, random);
    // The right child is known when it is made, after all nodes of the left one.
    right.push(0);
    if (split.at < 0) {
      feature.push(0);
      value.push(table.mean + range.weighted / range.weight);
    } else {
      feature.push(split.factor);
      value.push(split.threshold);
      part(bag, range, split);
      open.push(split.at, end, node, start, split.at, -1);
    }
  }
  return { feature, value, right };
}

/** Tries factors in random order, of those that vary in the node as many as the growth asks for. */
function bestSplit(bag: Bag, node: Range, growth: Growth, factors: number[], random: () => number): Split {
  const best = noSplit();
  if (!node.mixed || node.end - node.start < 2 * growth.minimumLeaf) return best;
  let left = growth.factorsPerSplit;
  for (let last = factors.length - 1; last >= 0 && left > 0; last--) {
    const drawn = Math.floor(random() * (last + 1));
    const factor = factors[drawn]!;
    factors[drawn] = factors[last]!;
    factors[last] = factor;
    if (!varies(bag, node, factor)) continue;
    splitAlong(bag, node, factor, growth.minimumLeaf, best);
    left--;
  }
  return best;
}
