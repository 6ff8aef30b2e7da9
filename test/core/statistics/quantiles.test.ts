import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, studentQuantile } from "../../../src/core/statistics/index.ts";

describe("the normal quantile", () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959964],
    [0.995, 2.575829],
    [0.999, 3.090232],
  ])("of %d is that of the tables", (p, expected) => expect(normalQuantile(p)).toBeCloseTo(expected, 5));

  it("rises and is symmetric", () => {
    const share = fc.double({ min: 1e-6, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(share, share, (p, q) => {
        expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 6);
        if (p < q) expect(normalQuantile(p)).toBeLessThanOrEqual(normalQuantile(q));
      }),
    );
  });
});

describe("Student's quantile", () => {
  it.each([
    [1, 12.706205],
    [2, 4.302653],
    [3, 3.182446],
    [4, 2.776445],
    [5, 2.570582],
    [6, 2.446912],
    [10, 2.228139],
    [30, 2.042272],
    [1000, 1.962339],
  ])("of 95 %% for %d degrees of freedom is that of the tables", (degrees, expected) => {
    expect(Math.abs(studentQuantile(0.95, degrees) - expected)).toBeLessThan(0.00003);
  });

  it.each([
    [0.9, 3, 2.353363],
    [0.9, 5, 2.015048],
    [0.99, 3, 5.840909],
    [0.99, 4, 4.604095],
    [0.99, 10, 3.169273],
    [0.5, 4, 0.740697],
  ])("at %d for %d degrees is that of the tables", (confidence, degrees, expected) => {
    expect(Math.abs(studentQuantile(confidence, degrees) - expected)).toBeLessThan(0.00003);
  });
});
