import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksOf, compared, drawnBlock, roundsOfSides, scaled } from "../../../bench/rounds/blocks.ts";
import { secondsOf } from "../../../bench/rounds/report.ts";
import { simulatedVisits } from "../../../bench/rounds/simulate.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { mean, random } from "../../../src/core/statistics/index.ts";

const sides = { first: "a", second: "b" };
const proxies = { a: 10_000, b: 9_000, other: 5_000 };
const visits = simulatedVisits({ id: "pairs", cpu: [0.3, 0.5], rounds: 40, proxies });
const rounds = roundsOfSides(visits, sides);
const idsOf = (some: readonly TrialRecord[]) => some.map(({ id }) => id);
const logRatio = (block: readonly TrialRecord[]) => Math.log(compared(block, sides).ratio!.estimate);

describe("the blocks of a recording", () => {
  it("are of the two sides alone", () => {
    expect(new Set(rounds.flat().map(({ point }) => point.proxy))).toEqual(new Set(["a", "b"]));
  });

  it("do not overlap, keep the order of time, and are as long as asked", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 100, noNaN: true }), (seconds) => {
        const blocks = blocksOf(rounds, seconds);
        const ids = idsOf(blocks.flat());
        expect(ids).toEqual(idsOf(rounds.flat()).slice(0, ids.length));
        for (const block of blocks) expect(secondsOf(block)).toBeGreaterThanOrEqual(seconds);
      }),
    );
  });
});

describe("a block drawn by chance", () => {
  it("is as long as asked, and has each side once at each level of a round", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 1, max: 300, noNaN: true }), (seed, seconds) => {
        const block = drawnBlock(rounds, seconds, random(seed), seed % 2 === 0 ? sides : undefined);
        expect(secondsOf(block)).toBeGreaterThanOrEqual(seconds);
        const places = block.map(({ replicate, point: { proxy, cpu } }) => `${replicate} ${proxy} ${cpu}`);
        expect(new Set(places).size).toBe(block.length);
        expect(compared(block, sides).pairs).toBe(block.length / 2);
      }),
    );
  });

  it("has the difference of the recording, and none where its sides change places", () => {
    const draw = random(3);
    const of = (even: boolean) =>
      mean(Array.from({ length: 60 }, () => logRatio(drawnBlock(rounds, 120, draw, even ? sides : undefined))));
    expect(of(false)).toBeCloseTo(logRatio(rounds.flat()), 1);
    expect(Math.abs(of(true))).toBeLessThan(0.02);
  });
});

describe("a side that is scaled", () => {
  it("differs by so much more from the other", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (factor) => {
        const changed = compared(scaled(visits, "b", factor), sides).ratio!.estimate;
        expect(changed / compared(visits, sides).ratio!.estimate).toBeCloseTo(factor, 6);
      }),
    );
  });
});
