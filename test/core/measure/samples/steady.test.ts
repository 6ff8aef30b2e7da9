import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ratesOf } from "../../../../src/core/measure/samples/rates.ts";
import { assess, isPrecise, isWarm, startupLength } from "../../../../src/core/measure/samples/steady.ts";
import { random } from "../../../../src/core/statistics/random.ts";

const draw = random(5);
const noisy = (level: number, share: number) => level * (1 + share * (2 * draw() - 1));
const flat = (count: number, share = 0.03) => Array.from({ length: count }, () => noisy(1000, share));

describe("the course of a rate", () => {
  it("is steady where it only ripples", () => expect(assess(flat(20))?.steady).toBe(true));

  it("is not steady where its halves differ", () => {
    const stepped = [...flat(10), ...flat(10).map((rate) => rate * 1.15)];
    expect(assess(stepped)).toMatchObject({ steady: false });
    expect(assess(stepped)?.halvesRatio).toBeCloseTo(1.15, 1);
  });

  it("is not steady where a long start-up is part of it", () => {
    const rising = [...Array.from({ length: 10 }, (_, index) => noisy(500 + 50 * index, 0.01)), ...flat(12, 0.01)];
    expect(assess(rising)?.steady).toBe(false);
  });

  it("is not judged from almost nothing, nor without requests", () => {
    expect(assess([1, 2, 3])).toBeUndefined();
    expect(assess([0, 0, 0, 0, 0])).toBeUndefined();
  });

  it("is known better from a longer run", () => {
    expect(assess(flat(100))!.halfWidth).toBeLessThan(assess(flat(10))!.halfWidth);
  });

  it("is judged alike in any unit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 500, max: 1500 }), { minLength: 4, maxLength: 60 }),
        fc.integer({ min: 2, max: 1000 }),
        (rates, unit) => {
          const [one, other] = [assess(rates)!, assess(rates.map((rate) => rate * unit))!];
          expect(other.halfWidth).toBeCloseTo(one.halfWidth, 6);
          expect(other.halvesRatio).toBeCloseTo(one.halvesRatio, 6);
        },
      ),
    );
  });
});

describe("the start-up of a run", () => {
  it("is found", () => expect(startupLength([10, 40, 80, ...Array(17).fill(100)])).toBe(3));
  it("is nothing in a flat run", () => expect(startupLength(Array(10).fill(7))).toBe(0));
  it("is at most half", () => expect(startupLength([1, 2, 3, 4, 5, 6, 7, 8])).toBeLessThanOrEqual(4));
});

describe("rates", () => {
  const samples = (times: readonly number[]) => times.map((atSeconds) => ({ atSeconds, served: 100 * atSeconds }));

  it("of a counter that rises evenly are even, however the samples fall", () => {
    for (const rate of ratesOf(samples([0, 0.21, 0.4, 0.61, 0.95, 1.4, 1.61, 2.05]))) expect(rate).toBeCloseTo(100, 6);
    expect(ratesOf(samples([0, 0.2, 0.4, 0.6, 0.8, 1.0]))).toHaveLength(2);
  });

  it("are none where nothing was counted", () => expect(ratesOf([{ atSeconds: 0 }, { atSeconds: 1 }])).toEqual([]));
});

describe("a window", () => {
  it("may end once it is long enough, steady and precise", () => {
    expect(isPrecise(flat(9, 0.01), 5)).toBe(false);
    expect(isPrecise(flat(10, 0.01), 5)).toBe(true);
    expect(isPrecise(flat(10, 0.4), 5)).toBe(false);
  });
});

describe("a warm-up", () => {
  it("may end once neighbours are alike", () => {
    expect(isWarm([1000])).toBe(false);
    expect(isWarm([500, 900, 980])).toBe(true);
    expect(isWarm([100, 500, 900])).toBe(false);
    expect(isWarm([0, 0, 0])).toBe(false);
  });
});
