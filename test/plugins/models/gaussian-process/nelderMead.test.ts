import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimise } from "../../../../src/plugins/models/gaussian-process/nelderMead.ts";

const SEARCH = { step: 0.5, tolerance: 1e-12, evaluations: 2000 };

describe("the simplex search", () => {
  it("finds the bottom of a bowl, wherever it lies", () => {
    const place = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(place, (bottom) => {
        const bowl = (at: readonly number[]) =>
          at.reduce((sum, value, i) => sum + (i + 1) * (value - bottom[i]!) ** 2, 0);
        const found = minimise(
          bowl,
          bottom.map(() => 0),
          SEARCH,
        );
        for (const [i, value] of found.at.entries()) expect(value).toBeCloseTo(bottom[i]!, 3);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it("follows Rosenbrock's valley", () => {
    const valley = ([a, b]: readonly number[]) => (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2;
    expect(minimise(valley, [-1.2, 1], SEARCH).value).toBeLessThan(1e-8);
  });

  it("keeps away from where the function is infinite, and keeps to its evaluations", () => {
    let asked = 0;
    const walled = ([a]: readonly number[]) => {
      asked++;
      return a! < 1 ? Infinity : a!;
    };
    const { at } = minimise(walled, [3], { ...SEARCH, evaluations: 100 });
    expect(at[0]).toBeCloseTo(1, 2);
    expect(asked).toBeLessThanOrEqual(103);
  });

  it("draws in where no single move helps", () => {
    const hole = ([a]: readonly number[]) =>
      new Map([
        [0, 0],
        [1, 5],
        [0.25, -1],
      ]).get(a!) ?? 9;
    const found = minimise(hole, [0], { step: 1, tolerance: 0, evaluations: 20 });
    expect(found).toEqual({ at: [0.25], value: -1 });
  });
});
