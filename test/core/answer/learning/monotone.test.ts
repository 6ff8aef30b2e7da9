import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isotonic } from "../../../../src/core/answer/unmet.ts";

const sequences = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 });

describe("sequences made to rise", () => {
  it("pool adjacent violators", () => {
    expect(isotonic([1, 3, 2, 4])).toEqual([1, 2.5, 2.5, 4]);
    expect(isotonic([3, 2, 1])).toEqual([2, 2, 2]);
  });

  it("rise, and keep what rises already", () => {
    fc.assert(
      fc.property(sequences, (values) => {
        const rising = isotonic(values);
        expect(rising).toEqual(rising.toSorted((a, b) => a - b));
        const sorted = values.toSorted((a, b) => a - b);
        expect(isotonic(sorted)).toEqual(sorted);
      }),
      { seed: 7 },
    );
  });

  it("keep their sum when pooled", () => {
    fc.assert(
      fc.property(sequences, (values) => {
        const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0);
        expect(sum(isotonic(values))).toBeCloseTo(sum(values), 6);
      }),
      { seed: 7 },
    );
  });
});
