import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlate, type Variable } from "../../../../src/core/statistics/trials/correlation.ts";

function variable(name: string, values: Variable["values"]): Variable {
  return { name, label: name, kind: "outcome", values };
}

/**
 * Sums by hand, n = 8:
 *
 *     Σx = 36   Σx² = 204     Sxx = 204 - 36²/8       =   42
 *     Σy = 131  Σy² = 10185   Syy = 10185 - 131²/8    = 8039.875
 *               Σxy = 956     Sxy = 956 - 36 · 131/8  =  366.5
 *
 * The ranks of y are 2, 1, 4, 3, 6, 5, 7, 8: they differ from those of x by 1, 1, 1, 1, 1, 1, 0, 0, so Σd² = 6.
 */
const x = [1, 2, 3, 4, 5, 6, 7, 8];
const y = [2, 1, 4, 3, 7, 5, 9, 100];
const sums = { xx: 42, yy: 8039.875, xy: 366.5, squaredRankDifferences: 6 };

/** The same by Python 3.11: statistics.correlation of the values and of their ranks, intervals by NormalDist and math. */
const python = {
  pearson: { r: 0.6307026931599128, low: -0.13314514593860768, high: 0.9244942267718219 },
  spearman: { r: 0.9285714285714286, low: 0.5365787878206816, high: 0.9909445391230495 },
};

describe("correlating", () => {
  const { pearson, spearman } = correlate([variable("x", x), variable("y", y)]);

  it("gives Pearson's coefficient for straight lines and Spearman's for what rises", () => {
    expect(pearson[0]![1]!.r).toBeCloseTo(sums.xy / Math.sqrt(sums.xx * sums.yy), 12);
    expect(pearson[0]![1]!.r).toBeCloseTo(python.pearson.r, 12);
    expect(spearman[0]![1]!.r).toBeCloseTo(1 - (6 * sums.squaredRankDifferences) / (8 * (8 ** 2 - 1)), 12);
    expect(spearman[0]![1]!.r).toBeCloseTo(python.spearman.r, 12);
  });

  it("gives Fisher's interval, and for ranks the wider one of Bonett and Wright", () => {
    // Half of Fisher's interval of Pearson's r: 1.959964 / √(8 - 3); of Spearman's: that times √(1 + r²/2).
    expect(pearson[0]![1]!.low).toBeCloseTo(python.pearson.low, 8);
    expect(pearson[0]![1]!.high).toBeCloseTo(python.pearson.high, 8);
    expect(spearman[0]![1]!.low).toBeCloseTo(python.spearman.low, 8);
    expect(spearman[0]![1]!.high).toBeCloseTo(python.spearman.high, 8);
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
