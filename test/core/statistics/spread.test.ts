import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logInterval, normalQuantile, pooledSpread, shareInterval } from "../../../src/core/statistics/index.ts";
import { random } from "../../../src/core/statistics/random.ts";

describe("the spread of repeated runs", () => {
  it("is absent where nothing was repeated", () => expect(pooledSpread([[1], [2], []])).toBeUndefined());

  it("counts one degree of freedom for each repetition, and does not see how groups differ", () => {
    const spread = pooledSpread([[100, 110], [1000, 1100], [7]]);
    expect(spread?.degreesOfFreedom).toBe(2);
    expect(spread?.logDeviation).toBeCloseTo(Math.log(1.1) / Math.SQRT2, 10);
  });

  it("does not depend on the unit", () => {
    const positive = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(positive, { minLength: 2, maxLength: 6 }), positive, (values, unit) => {
        const scaled = pooledSpread([values.map((value) => value * unit)])!;
        expect(scaled.logDeviation).toBeCloseTo(pooledSpread([values])!.logDeviation, 6);
      }),
    );
  });

  it("gives intervals that hold the truth as often as they say", () => {
    const draw = random(3);
    const noisy = () => 1000 * Math.exp(0.05 * normalQuantile(Math.max(1e-9, draw())));
    let held = 0;
    for (let experiment = 0; experiment < 1000; experiment++) {
      const spread = pooledSpread([1, 2, 3].map(() => [noisy(), noisy(), noisy()]))!;
      const { low, high } = logInterval(noisy(), 1, spread);
      if (low <= 1000 && 1000 <= high) held++;
    }
    expect(held).toBeGreaterThan(930);
    expect(held).toBeLessThan(970);
  });
});

describe("the interval of a share", () => {
  it("is absent where nothing was tried", () => expect(shareInterval(0, 0)).toBeUndefined());

  it("is that of the textbook", () => {
    const { estimate, low, high } = shareInterval(4, 20)!;
    expect([estimate, low, high].map((value) => Number(value.toFixed(3)))).toEqual([0.2, 0.081, 0.416]);
  });

  it("has room above 0 failures: about 4 in n", () => {
    expect(shareInterval(0, 10_000)).toMatchObject({ estimate: 0, low: 0 });
    expect(shareInterval(0, 10_000)!.high).toBeCloseTo(3.84e-4, 5);
  });

  it("lies within 0 and 1 and around the share", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (a, b) => {
        const { estimate, low, high } = shareInterval(Math.min(a, b), Math.max(a, b) + 1)!;
        expect(0 <= low && low <= estimate && estimate <= high && high <= 1).toBe(true);
      }),
    );
  });
});
