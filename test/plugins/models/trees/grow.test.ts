import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generator } from "../../../../src/plugins/models/shared/random.ts";
import { sortedColumns } from "../../../../src/plugins/models/trees/columns.ts";
import { growTree } from "../../../../src/plugins/models/trees/grow.ts";
import { leavesOf, predictTree, type Tree } from "../../../../src/plugins/models/trees/tree.ts";

interface Row {
  readonly x: readonly number[];
  readonly y: number;
  /** How often it counts. */
  readonly weight: number;
}

const rows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      x: fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 2 })),
      y: fc.integer({ min: -50, max: 50 }),
      weight: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 2, maxLength: 25 },
  )
  .filter((all) => all.some(({ weight }) => weight > 0));

function grow(all: readonly Row[], minimumLeaf = 1, factorsPerSplit = 3): Tree {
  const table = sortedColumns({ factors: ["a", "b", "c"], x: all.map(({ x }) => x), y: all.map(({ y }) => y) });
  const weights = Float64Array.from(all, ({ weight }) => weight);
  return growTree(table, weights, { minimumLeaf, factorsPerSplit }, generator(1));
}

function mean(all: readonly Row[]): number {
  return all.reduce((sum, { y, weight }) => sum + weight * y, 0) / all.reduce((sum, { weight }) => sum + weight, 0);
}

function squares(all: readonly Row[]): number {
  return all.reduce((sum, { y, weight }) => sum + weight * (y - mean(all)) ** 2, 0);
}

/** The least sum of squares that one split can leave, tried one by one; that of all rows where none is possible. */
function leastByHand(all: readonly Row[], minimumLeaf: number): number {
  const splits = all.flatMap(({ x }) =>
    x.map((level, factor) => [
      all.filter((row) => row.x[factor]! <= level),
      all.filter((row) => row.x[factor]! > level),
    ]),
  );
  const allowed = splits.filter((sides) => sides.every((side) => side.length >= minimumLeaf));
  return Math.min(...allowed.map((sides) => sides.reduce((sum, side) => sum + squares(side), 0)), squares(all));
}

/** The rows of each node that is no leaf, and of its two children. */
function partsOf(tree: Tree, all: readonly Row[], node = 0): Row[][][] {
  if (tree.right[node] === 0) return [];
  const left = all.filter(({ x }) => x[tree.feature[node]!]! <= tree.value[node]!);
  const right = all.filter((row) => !left.includes(row));
  return [[[...all], left, right], ...partsOf(tree, left, node + 1), ...partsOf(tree, right, tree.right[node])];
}

const runs = { numRuns: 300, seed: 7 };

describe("a grown tree", () => {
  it("has at each node the split that leaves the least sum of squares", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 3 }), (all, minimumLeaf) => {
        const inBag = all.filter(({ weight }) => weight > 0);
        for (const [node, left, right] of partsOf(grow(all, minimumLeaf), inBag)) {
          expect(left!.length).toBeGreaterThanOrEqual(minimumLeaf);
          expect(right!.length).toBeGreaterThanOrEqual(minimumLeaf);
          expect(squares(left!) + squares(right!)).toBeCloseTo(leastByHand(node!, minimumLeaf), 6);
        }
      }),
      runs,
    );
  });

  it("answers with the mean of the rows that it cannot part", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const inBag = all.filter(({ weight }) => weight > 0);
        const tree = grow(all);
        for (const { x } of inBag) {
          const alike = inBag.filter((row) => String(row.x) === String(x));
          expect(predictTree(tree, x)).toBeCloseTo(mean(alike), 9);
        }
      }),
      runs,
    );
  });

  it("does not see rows without weight", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const inBag = all.filter(({ weight }) => weight > 0);
        const [whole, part] = [grow(all), grow(inBag)];
        expect(leavesOf(whole)).toBe(leavesOf(part));
        for (const { x } of all) expect(predictTree(whole, x)).toBeCloseTo(predictTree(part, x), 9);
      }),
      runs,
    );
  });

  it("takes a perfect split, and stops there", () => {
    const all = Array.from({ length: 40 }, (_, i) => ({ x: [i, 0, 1], y: i < 20 ? 0 : 100, weight: 1 }));
    const tree = grow(all);
    expect(leavesOf(tree)).toBe(2);
    expect([predictTree(tree, [19, 0, 1]), predictTree(tree, [20, 0, 1])]).toEqual([0, 100]);
  });

  it("parts levels that are neighbouring numbers", () => {
    for (const scale of [1, -1, 1e-300, 1e300]) {
      for (let step = 0; step < 20; step++) {
        const [one, next] = [scale * (1 + step * Number.EPSILON), scale * (1 + (step + 1) * Number.EPSILON)];
        const tree = grow([
          { x: [one, 0, 1], y: 1, weight: 1 },
          { x: [next, 0, 1], y: 2, weight: 1 },
        ]);
        expect([predictTree(tree, [one, 0, 1]), predictTree(tree, [next, 0, 1])]).toEqual([1, 2]);
      }
    }
  });

  it("draws among the factors where it may not try them all", () => {
    const all = Array.from({ length: 30 }, (_, i) => ({ x: [i, i, i % 2], y: i, weight: 1 }));
    const used = new Set(grow(all, 1, 1).feature);
    expect(used.size).toBe(3);
  });

  it("does not count as tried a factor that does not vary in the node", () => {
    const all = Array.from({ length: 30 }, (_, i) => ({ x: [5, i, 5], y: i, weight: 1 }));
    expect(leavesOf(grow(all, 1, 1))).toBe(30);
  });
});
