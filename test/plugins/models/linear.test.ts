import fc from "fast-check";
import { describe, expect, it } from "vitest";
import linear from "../../../src/plugins/models/linear.ts";
import { answers, apart, parameter, QUESTIONS, rough, rowsOf } from "./data.ts";

describe("linear regression", () => {
  it("finds the exponents of a product of powers, and answers with it far outside the rows", () => {
    fc.assert(
      fc.property(
        rough.filter(({ x }) => new Set(x.map(String)).size > 6),
        fc.double({ min: -2, max: 2, noNaN: true }),
        ({ x }, exponent) => {
          const truth = ([cpu, servers, concurrency]: readonly number[]) =>
            7000 * cpu! ** exponent * servers! ** 0.3 * concurrency! ** -0.1;
          const rows = rowsOf(x.map((row) => [row, truth(row)]));
          fc.pre(["cpu", "servers", "concurrency"].every((_, i) => x.some((row) => row[i] !== x[0]![i])));
          expect(parameter(linear, rows, "exponent of cpu")).toBeCloseTo(exponent, 6);
          expect(
            apart(answers(linear, rows, [...QUESTIONS, [20, 9, 999]]), [...QUESTIONS, [20, 9, 999]].map(truth)),
          ).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 30, seed: 7 },
    );
  });

  it("gives the least squares of the logarithms: no other line is nearer to the rows", () => {
    const rows = rowsOf([
      [[1], 100],
      [[2], 300],
      [[4], 300],
      [[8], 1500],
    ]);
    const squares = (c: number, a: number) =>
      rows.y.reduce((sum, y, i) => sum + (Math.log(y) - c - a * Math.log(rows.x[i]![0]!)) ** 2, 0);
    const a = parameter(linear, rows, "exponent of cpu")!;
    const c = Math.log(answers(linear, rows, [[1]])[0]!);
    for (const [dc, da] of [
      [0.01, 0],
      [-0.01, 0],
      [0, 0.01],
      [0, -0.01],
    ] as const) {
      expect(squares(c + dc, a + da)).toBeGreaterThan(squares(c, a));
    }
    expect(parameter(linear, rows, "scatter")).toBeCloseTo(100 * Math.sqrt(squares(c, a) / 4), 6);
  });

  it("shares the effect of two factors that always rise together", () => {
    const rows = rowsOf([0.1, 0.2, 0.5, 1, 2].map((cpu) => [[cpu, 10 * cpu], 1000 * cpu]));
    expect(parameter(linear, rows, "exponent of cpu")).toBeCloseTo(0.5, 6);
    expect(answers(linear, rows, [[0.3, 3]])[0]).toBeCloseTo(300, 6);
  });

  it("takes levels as they are where one of them is 0", () => {
    const rows = { factors: ["delayMs"], x: [[0], [5], [10], [20]], y: [100, 90.5, 81.9025, 67.0802] };
    expect(parameter(linear, rows, "change per unit of delayMs")).toBeCloseTo(-1.977, 2);
  });

  it("needs more rows than slopes, and levels above 0 where it took logarithms", () => {
    const three = rowsOf([
      [[1, 1, 1], 5],
      [[2, 3, 1], 6],
      [[3, 1, 8], 7],
    ]);
    expect(() => linear.fit(three, 1)).toThrow(/\b3 factors\b.*\b5 rows\b.*\b3$/);
    const rows = rowsOf([
      [[1], 5],
      [[2], 6],
      [[3], 7],
    ]);
    expect(() => answers(linear, rows, [[0]])).toThrow(/\bcpu\b.*\b0$/);
    expect(() => answers(linear, rows, [[Number.NaN]])).toThrow(/\bcpu\b.*\bNaN$/);
  });
});
