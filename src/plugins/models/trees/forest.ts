import type { Training } from "../../../core/contract/index.ts";
import { configurationsOf, drawBag } from "./bootstrap.ts";
import { type Growth, growTree } from "./grow.ts";
import { generator } from "./random.ts";
import { tableOf } from "./table.ts";
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
  const table = tableOf(training);
  const grown = Array.from({ length: trees }, (_, k) => {
    const random = generator(seed, k);
    const { weights, outOfBag } = drawBag(configurations, random);
    return { tree: growTree(table, weights, growth, random), outOfBag };
  });
  return {
    trees: grown.map(({ tree }) => tree),
    outOfBag: grown.map(({ outOfBag }) => outOfBag),
    configurations,
  };
}

/** The mean of the trees, for each row of `x`. */
export function predictForest({ trees }: Forest, x: readonly (readonly number[])[]): number[] {
  return x.map((row) => trees.reduce((sum, tree) => sum + predictTree(tree, row), 0) / trees.length);
}

/**
 * For each row of the training, what the trees that have not seen its configuration predict for each row of `x`: the
 * models of jackknife+-after-bootstrap (Kim, Xu and Barber, "Predictive inference is free with the
 * jackknife+-after-bootstrap", 2020), without a further fit. NaN where all trees have seen it.
 */
export function predictHeldOut(forest: Forest, x: readonly (readonly number[])[]): number[][] {
  const size = 1 + Math.max(...forest.configurations);
  const sums = Array.from({ length: size }, () => new Array<number>(x.length).fill(0));
  const counts = new Array<number>(size).fill(0);
  forest.trees.forEach((tree, k) => {
    const figures = x.map((row) => predictTree(tree, row));
    for (const one of forest.outOfBag[k]!) {
      counts[one]! += 1;
      figures.forEach((figure, j) => {
        sums[one]![j]! += figure;
      });
    }
  });
  return forest.configurations.map((one) => sums[one]!.map((sum) => sum / counts[one]!));
}

/** What the trees that have not seen its configuration predict for each row of the training; NaN as above. */
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
