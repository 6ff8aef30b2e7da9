import type { Training } from "../../../core/contract/index.ts";
import { generator } from "../shared/random.ts";
import { sortedColumns } from "./columns.ts";
import { type Growth, growTree } from "./grow.ts";
import { predictTree, type Tree } from "./tree.ts";

/** Trees as plain data, each with the configurations that it has not seen. */
export interface Forest {
  readonly trees: readonly Tree[];
  readonly outOfBag: readonly (readonly number[])[];
  /** Configuration of each row that it was grown on. */
  readonly configurations: readonly number[];
}

/**
 * Random forest: trees grown on bootstrap samples, with a draw of factors at each split (Breiman, "Random Forests",
 * Machine Learning 45, 2001). Tree k depends on the rows, the seed and k only, so it does not matter where it is grown.
 */
export function growForest(training: Training, trees: number, growth: Growth, seed: number): Forest {
  const configurations = configurationsOf(training.x);
  const table = sortedColumns(training);
  const grown = Array.from({ length: trees }, (_, k) => {
    const random = generator(seed, k);
    const counts = drawBag(1 + Math.max(...configurations), random);
    const weights = Float64Array.from(configurations, (one) => counts[one]!);
    const unseen = counts.flatMap((count, one) => (count === 0 ? one : []));
    return { tree: growTree(table, weights, growth, random), unseen };
  });
  return { trees: grown.map(({ tree }) => tree), outOfBag: grown.map(({ unseen }) => unseen), configurations };
}

/**
 * Draws as many configurations as there are, with replacement, each with all its replicates: had a tree seen one of
 * them, the others would not be new to it. Gives how often each was drawn.
 */
function drawBag(configurations: number, random: () => number): number[] {
  const counts = new Array<number>(configurations).fill(0);
  for (let i = 0; i < configurations; i++) counts[Math.floor(random() * configurations)]! += 1;
  return counts;
}

/** The configuration of each row, numbered as they first come. */
function configurationsOf(x: readonly (readonly number[])[]): number[] {
  const keys = x.map((row) => row.join());
  const numbers = new Map([...new Set(keys)].map((key, number) => [key, number]));
  return keys.map((key) => numbers.get(key)!);
}

/** The mean of the trees, for each row of `x`. */
export function predictForest({ trees }: Pick<Forest, "trees">, x: readonly (readonly number[])[]): number[] {
  return x.map((row) => trees.reduce((sum, tree) => sum + predictTree(tree, row), 0) / trees.length);
}

/** What the trees that have not seen its configuration predict for each row of the training; NaN where all have. */
export function predictOutOfBag(forest: Forest, x: readonly (readonly number[])[]): number[] {
  const sums = x.map(() => 0);
  const counts = x.map(() => 0);
  forest.trees.forEach((tree, k) => {
    const unseen = new Set(forest.outOfBag[k]);
    forest.configurations.forEach((one, row) => {
      if (!unseen.has(one)) return;
      sums[row]! += predictTree(tree, x[row]!);
      counts[row]! += 1;
    });
  });
  return sums.map((sum, row) => sum / counts[row]!);
}
