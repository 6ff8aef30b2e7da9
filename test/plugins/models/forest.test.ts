import fc from "fast-check";
import { describe, expect, it } from "vitest";
import forest from "../../../src/plugins/models/forest.ts";
import { growForest, predictOutOfBag } from "../../../src/plugins/models/trees/forest.ts";
import { predictTree } from "../../../src/plugins/models/trees/tree.ts";
import { generator, normal, rateAt, spreadCpus } from "../../core/answer/synthetic.ts";
import { alongCpu, answers, apart, parameter, QUESTIONS, rough, rowsOf } from "./data.ts";

const GROWTH = { minimumLeaf: 1, factorsPerSplit: 2 };
const runs = { numRuns: 20, seed: 7 };

describe("the forest", () => {
  it("follows the rows", () => {
    const rows = alongCpu(spreadCpus(20), (cpu) => rateAt(cpu));
    expect(apart(answers(forest, rows, rows.x), rows.y)).toBeLessThan(0.15);
  });

  it("stays between the figures of its rows, wherever it is asked", () => {
    fc.assert(
      fc.property(rough, (rows) => {
        for (const figure of answers(forest, rows, [...QUESTIONS, [1e6, 1e6, 1e6], [1e-6, 1, 1]])) {
          expect(figure).toBeGreaterThan(Math.min(...rows.y) * (1 - 1e-9));
          expect(figure).toBeLessThan(Math.max(...rows.y) * (1 + 1e-9));
        }
      }),
      runs,
    );
  });

  it("gives something else for another seed, also for seeds beyond 32 bits", () => {
    const rows = alongCpu(spreadCpus(12), (cpu) => rateAt(cpu));
    const [one, ...others] = [1, 2, 1 + 2 ** 33].map((seed) => forest.predict(forest.fit(rows, seed), [[0.123]])[0]);
    for (const other of others) expect(other).not.toBe(one);
    expect(() => forest.fit(rows, 0.5)).toThrow(/\bseed\b.*\b0\.5$/);
  });

  it("knows its error on rows left out", () => {
    const random = generator(5);
    const points = Array.from({ length: 300 }, () => [random(), random()]);
    const truth = ([a, b]: readonly number[]) => 100 * (1 + a!) * (2 + b!);
    const rows = rowsOf(points.map((row) => [row, truth(row) * Math.exp(0.1 * normal(random))]));
    const unseen = Array.from({ length: 300 }, () => [random(), random()]);
    const errors = answers(forest, rows, unseen).map((figure, i) =>
      Math.abs(figure / (truth(unseen[i]!) * Math.exp(0.1 * normal(random))) - 1),
    );
    const found = parameter(forest, rows, "median error on rows left out")!;
    expect(found / (100 * errors.sort((a, b) => a - b)[150]!)).toBeGreaterThan(0.8);
    expect(found / (100 * errors[150]!)).toBeLessThan(1.25);
  });

  it("takes no error from rows that all trees have seen", () => {
    const rows = rowsOf(Array.from({ length: 6 }, (_, i) => [[0.5], 100 + i]));
    expect(forest.explain?.(forest.fit(rows, 1))).toEqual([]);
  });
});

describe("a grown forest", () => {
  const replicated = rough.map((rows) => ({ ...rows, x: rows.x.map((row, i) => (i % 3 === 0 ? rows.x[0]! : row)) }));

  it("grows tree k the same, however many trees there are", () => {
    fc.assert(
      fc.property(rough, (rows) => {
        expect(growForest(rows, 3, GROWTH, 9).trees).toEqual(growForest(rows, 5, GROWTH, 9).trees.slice(0, 3));
      }),
      runs,
    );
  });

  it("leaves out a configuration with all its replicates, and has not learned from it", () => {
    fc.assert(
      fc.property(replicated, (rows) => {
        const grown = growForest(rows, 20, GROWTH, 1);
        const changed = growForest({ ...rows, y: rows.y.with(0, rows.y[0]! + 1e6) }, 20, GROWTH, 1);
        grown.trees.forEach((tree, k) => {
          const same = rows.x.every(
            (row) => Math.abs(predictTree(tree, row) - predictTree(changed.trees[k]!, row)) < 1e-3,
          );
          expect(same).toBe(grown.outOfBag[k]!.includes(grown.configurations[0]!));
        });
      }),
      runs,
    );
  });

  it("leaves out a bit more than a third of many configurations", () => {
    const rows = alongCpu(spreadCpus(200), rateAt);
    const shares = growForest(rows, 50, GROWTH, 1).outOfBag.map(({ length }) => length / 200);
    expect(shares.reduce((sum, share) => sum + share, 0) / 50).toBeCloseTo(1 / Math.E, 1);
  });

  it("predicts for a row of the training with the trees that have not seen it", () => {
    fc.assert(
      fc.property(replicated, (rows) => {
        const grown = growForest(rows, 15, GROWTH, 1);
        const outOfBag = predictOutOfBag(grown, rows.x);
        rows.x.forEach((x, i) => {
          const unseen = grown.trees.filter((_, k) => grown.outOfBag[k]!.includes(grown.configurations[i]!));
          const expected = unseen.reduce((sum, tree) => sum + predictTree(tree, x), 0) / unseen.length;
          if (unseen.length > 0) expect(outOfBag[i]).toBeCloseTo(expected, 6);
          else expect(outOfBag[i]).toBeNaN();
        });
      }),
      runs,
    );
  });
});
