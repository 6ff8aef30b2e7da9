import fc from "fast-check";
import { RandomForestRegression } from "ml-random-forest";
import { describe, expect, it } from "vitest";
import { lean, predictLean } from "../../../src/plugins/models/ml-random-forest/lean.ts";
import forest from "../../../src/plugins/models/random-forest.ts";
import { generator, rateAt, spreadCpus } from "../../core/answer/synthetic.ts";

function train(x: readonly (readonly number[])[], y: readonly number[], seed = 1) {
  return forest.fit({ factors: x[0]!.map((_, i) => `f${i}`), x, y }, seed);
}

const CPUS = spreadCpus(20).map((cpu) => [cpu]);
const RATES = CPUS.map(([cpu]) => rateAt(cpu!));

describe("the random forest", () => {
  it("follows the rows", () => {
    const rates = forest.predict(train(CPUS, RATES), CPUS);
    rates.forEach((rate, i) => {
      expect(Math.abs(rate / RATES[i]! - 1)).toBeLessThan(0.15);
    });
  });

  it("sees a step that splits the rows perfectly", () => {
    const x = Array.from({ length: 20 }, (_, i) => [i + 1]);
    const rates = forest.predict(
      train(
        x,
        x.map(([i]) => (i! <= 10 ? 1 : 100)),
      ),
      [[2], [19]],
    );
    expect(rates[0]).toBeLessThan(5);
    expect(rates[1]).toBeGreaterThan(95);
  });

  it("predicts the figure of rows that are all alike", () => {
    const x = Array.from({ length: 6 }, () => [0.2]);
    expect(
      forest.predict(
        train(
          x,
          x.map(() => 6000),
        ),
        [[0.2]],
      )[0],
    ).toBeCloseTo(6000, 0);
  });

  it("gives the same for a seed, and something else for another", () => {
    const between = [[0.123], [0.456]];
    expect(forest.predict(train(CPUS, RATES, 3), between)).toEqual(forest.predict(train(CPUS, RATES, 3), between));
    expect(forest.predict(train(CPUS, RATES, 3), between)).not.toEqual(forest.predict(train(CPUS, RATES, 4), between));
  });

  it("predicts the same from its state after a trip through JSON", { timeout: 30_000 }, () => {
    const row = fc.tuple(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 999 }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 5, maxLength: 15 }), (rows) => {
        const x = rows.map(([cpu, servers]) => [cpu / 10, servers]);
        const state = train(
          x,
          rows.map(([, , rate]) => rate),
        );
        expect(forest.predict(JSON.parse(JSON.stringify(state)), x)).toEqual(forest.predict(state, x));
        expect(structuredClone(state)).toEqual(JSON.parse(JSON.stringify(state)));
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  it("predicts what the library does, without loading the library's own forest", () => {
    const random = generator(5);
    const draw = () => [random(), 9 * random(), Math.floor(4 * random())];
    const x = Array.from({ length: 40 }, draw);
    const library = new RandomForestRegression({
      seed: 3,
      nEstimators: 20,
      maxFeatures: 1.0,
      replacement: false,
      noOOB: true,
    });
    library.train(
      x,
      x.map(([a, b, c]) => 100 * a! + b! * c!),
    );
    const questions = Array.from({ length: 50 }, draw);
    expect(predictLean(lean(library), questions)).toEqual(library.predict(questions));
  });

  it("needs rows of numbers, and a seed", () => {
    expect(() => train([[1]], [1])).toThrow(/\b5\b.*\b1\b/);
    expect(() => train(CPUS.with(4, [Number.NaN]), RATES)).toThrow("row 4");
    expect(() => train(CPUS, RATES.with(2, Number.NaN))).toThrow("row 2");
    expect(() => train(CPUS, RATES, 0.5)).toThrow("seed");
    expect(() => forest.predict(train(CPUS, RATES), [[Number.NaN]])).toThrow(/^row 0: f0\b.*\bNaN$/);
    expect(forest.predict(train(CPUS, RATES), [])).toEqual([]);
  });
});
