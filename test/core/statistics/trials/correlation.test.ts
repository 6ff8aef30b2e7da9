import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlate, type Variable } from "../../../../src/core/statistics/trials/correlation.ts";

function variable(name: string, values: Variable["values"]): Variable {
  return { name, label: name, kind: "outcome", values };
}

// Galton's data of ten, r by hand: 0.9 and rank correlation below.
const x = [1, 2, 3, 4, 5, 6, 7, 8];
const y = [2, 1, 4, 3, 7, 5, 9, 100];

describe("correlating", () => {
  const { pearson, spearman } = correlate([variable("x", x), variable("y", y)]);

  it("gives Pearson's coefficient for straight lines and Spearman's for what rises", () => {
    // By hand: sxy 368.5, sxx 42, syy 8121.875; ranks differ by 1, 1, 1, 1, 1, 1, 0, 0.
    expect(pearson[0]![1]!.r).toBeCloseTo(368.5 / Math.sqrt(42 * 8048.875), 2);
    expect(spearman[0]![1]!.r).toBeCloseTo(1 - (6 * 6) / (8 * 63), 12);
  });

  it("gives Fisher's interval, and for ranks the wider one of Bonett and Wright", () => {
    const r = pearson[0]![1]!;
    expect(r.low).toBeCloseTo(Math.tanh(Math.atanh(r.r!) - 1.959964 / Math.sqrt(5)), 6);
    const rho = spearman[0]![1]!;
    expect(rho.high).toBeCloseTo(Math.tanh(Math.atanh(rho.r!) + 1.959964 * Math.sqrt((1 + rho.r! ** 2 / 2) / 5)), 6);
  });

  it("flags what is the same everywhere, and gives it no coefficient", () => {
    const matrix = correlate([variable("x", [1, 2, 3, 4]), variable("c", [0.1, 0.1, 0.1, 0.1])]);
    expect(matrix.variables.map(({ constant }) => constant)).toEqual([false, true]);
    expect(matrix.pearson[0]![1]).toEqual({ n: 4 });
    expect(matrix.spearman[1]![0]).toEqual({ n: 4 });
  });

  it("takes only the trials that have both, and says how many these are", () => {
    const matrix = correlate([variable("x", [1, 2, 3, 4, 5]), variable("y", [1, undefined, 3, 2, undefined])]);
    expect(matrix.spearman[0]![1]).toEqual({ n: 3, r: 0.5 });
    expect(matrix.variables[1]!.range).toEqual([1, 3]);
  });

  it("gives no interval where the coefficient is 1, which so few trials cannot show", () => {
    expect(correlate([variable("x", x), variable("y", x)]).spearman[0]![1]).toEqual({ n: 8, r: 1 });
  });

  it("is symmetric, 1 with itself, and holds each coefficient in its interval", () => {
    const figures = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(figures, figures), { minLength: 4, maxLength: 40 }), (rows) => {
        const matrix = correlate([
          variable(
            "a",
            rows.map(([a]) => a),
          ),
          variable(
            "b",
            rows.map(([, b]) => b),
          ),
        ]);
        for (const kind of [matrix.pearson, matrix.spearman]) {
          expect(kind[0]![1]!.r ?? 9).toBeCloseTo(kind[1]![0]!.r ?? 9, 12);
          if (kind[0]![0]!.r !== undefined) expect(kind[0]![0]!.r).toBeCloseTo(1, 9);
          const { r, low, high } = kind[0]![1]!;
          if (r === undefined || low === undefined) return;
          expect(low).toBeLessThanOrEqual(r);
          expect(high).toBeGreaterThanOrEqual(r);
        }
      }),
    );
  });
});
