import type { Bag, Range } from "./bag.ts";

/** The best way found so far to part a node: rows with levels of `factor` up to `threshold`, the first up to `at`, go left. */
export interface Split {
  /** -1: none found. */
  at: number;
  factor: number;
  threshold: number;
  /** Squares of the sums of both sides over their weights: the more, the less is left over. */
  score: number;
}

/** By how much a split must be better, in parts of the score: rounding must not choose among equally good ones. */
const BETTER = 1 + 1e-9;

export function noSplit(): Split {
  return { at: -1, factor: -1, threshold: Number.NaN, score: -Infinity };
}

/** Replaces `best` by the best split of a node along one factor, if that is better. */
export function splitAlong(bag: Bag, node: Range, factor: number, minimumLeaf: number, best: Split): void {
  const { weights, weighted } = bag;
  const order = bag.orders[factor]!;
  const levels = bag.table.x[factor]!;
  let { score } = best;
  let bar = score * BETTER;
  let at = -1;
  let leftWeight = 0;
  let left = 0;
  let level = levels[order[node.start]!]!;
  const first = node.start + minimumLeaf - 1;
  const end = node.end - minimumLeaf;
  for (let i = node.start; i < end; i++) {
    const row = order[i]!;
    leftWeight += weights[row]!;
    left += weighted[row]!;
    const next = levels[order[i + 1]!]!;
    if (next > level && i >= first) {
      const right = node.weighted - left;
      const here = (left * left) / leftWeight + (right * right) / (node.weight - leftWeight);
      if (here > bar) {
        score = here;
        bar = here * BETTER;
        at = i + 1;
      }
    }
    level = next;
  }
  if (at < 0) return;
  best.at = at;
  best.factor = factor;
  best.threshold = between(levels[order[at - 1]!]!, levels[order[at]!]!);
  best.score = score;
}

/** Between two levels, in equal ratios where both are above 0; below the upper one even where they are neighbours. */
function between(lower: number, upper: number): number {
  const middle = lower > 0 ? Math.sqrt(lower) * Math.sqrt(upper) : lower + (upper - lower) / 2;
  return middle >= lower && middle < upper ? middle : lower;
}
