import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankCorrelation, ranks, spearman } from "../../../src/core/statistics/rankCorrelation.ts";

describe("ranks", () => {
  it("gives equal values the mean of their ranks", () => {
    expect(ranks([30, 10, 20, 20])).toEqual([4, 1, 2.5, 2.5]);
  });
});

describe("spearman", () => {
  it("agrees with a worked example that has no ties", () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman({ x: iq, y: hours })).toBeCloseTo(-29 / 165, 12);
  });

  it("is the correlation of the ranks where values are tied", () => {
    // Ranks 1.5 1.5 3 4 and 1 2.5 2.5 4: by hand 3.75 / 4.5.
    expect(spearman({ x: [1, 1, 2, 3], y: [5, 6, 6, 9] })).toBeCloseTo(3.75 / 4.5, 12);
  });

  it("is absent where one side never changes", () => {
    expect(spearman({ x: [1, 2, 3], y: [7, 7, 7] })).toBeUndefined();
    expect(spearman({ x: [], y: [] })).toBeUndefined();
  });

  it("depends on the order of the values only, lies within -1 and 1, and turns with its argument", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(pairs, (list) => {
        const x = list.map(([a]) => a);
        const y = list.map(([, b]) => b);
        const rho = spearman({ x, y });
        expect(spearman({ x: x.map((a) => a ** 3), y: y.map(Math.exp) })).toBe(rho);
        if (rho === undefined) return;
        expect(Math.abs(rho)).toBeLessThanOrEqual(1);
        expect(spearman({ x: x.map((a) => -a), y })).toBeCloseTo(-rho, 12);
      }),
    );
  });
});

describe("rankCorrelation", () => {
  it("compares within strata, so that what differs between them has no part in it", () => {
    const high = { x: [1, 2, 3, 4], y: [101, 102, 103, 104] };
    const low = { x: [11, 12, 13, 14], y: [1, 2, 3, 4] };
    expect(rankCorrelation([high, low]).rho).toBe(1);
    expect(spearman({ x: [...high.x, ...low.x], y: [...high.y, ...low.y] })).toBeLessThan(0);
  });

  it("counts only strata in which x varies", () => {
    expect(
      rankCorrelation([
        { x: [1, 2], y: [1, 2] },
        { x: [3], y: [9] },
        { x: [4, 4], y: [1, 2] },
      ]).n,
    ).toBe(2);
  });

  it("is as sure as the number of pairs allows", () => {
    const line = (n: number) => ({
      x: Array.from({ length: n }, (_, i) => i),
      y: Array.from({ length: n }, (_, i) => i),
    });
    expect(rankCorrelation([line(5)]).z).toBeCloseTo(2, 12);
    expect(rankCorrelation([line(5)]).largestZ).toBeCloseTo(2, 12);
    expect(rankCorrelation([line(3), line(3)]).z).toBeCloseTo(2, 12);
  });

  it("knows that pairs in small strata tell less", () => {
    const up = { x: [1, 2], y: [1, 2] };
    expect(rankCorrelation([{ x: [1, 2, 3, 4], y: [1, 3, 2, 4] }]).effectiveN).toBeCloseTo(4, 12);
    expect(rankCorrelation([up, up, up]).effectiveN).toBeCloseTo(4, 12);
    expect(rankCorrelation([]).effectiveN).toBe(0);
  });
});
