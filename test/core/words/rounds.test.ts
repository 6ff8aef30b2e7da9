import { describe, expect, it } from "vitest";
import { type Band, widestOf } from "../../../src/core/domain/summary.ts";
import { mostRounds } from "../../../src/core/plan/rounds.ts";
import { roundProgressInWords, roundsEndInWords, roundsPlanInWords } from "../../../src/core/words/rounds.ts";
import { roundsSpec } from "../../fixtures/console/rounds.ts";
import { trialRecord } from "../../fixtures/records.ts";

const band = (cpu: number, halfWidth: number, runs = 4): Band => {
  const interval = { estimate: 1000, low: 1000 * (1 - halfWidth), high: 1000 * (1 + halfWidth), confidence: 0.95 };
  return { point: trialRecord({ point: { cpu } }).point, runs, own: interval, smooth: interval, halfWidth, held: true };
};
const bands = [band(0.1, 0.041), band(0.2, 0.072), band(0.4, 0.03)];
const told = { round: 4, bands, halfWidth: 0.072, wantedHalfWidth: 0.05 };

describe("a sweep in rounds, in words", () => {
  it("says how far it is, how wide the widest band is, and how long it will take", () => {
    expect(roundProgressInWords(told, 0, roundsSpec, 40)[0]).toBe(
      "round 4, widest band ±7.2 % (wanted ±5 %), about 40 s left",
    );
  });

  it("says the same in shorter texts", () => {
    const lengths = roundProgressInWords(told, 0, roundsSpec, 40).map((text) => text.length);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  });

  it("counts visits while there is no whole round", () => {
    expect(roundProgressInWords(undefined, 2, roundsSpec)).toContain("round 1, visit 3 of 10");
    expect(roundProgressInWords(undefined, 12, roundsSpec)).toContain("round 1, visit 10 of 10");
  });

  it("says no width where none is known", () => {
    for (const text of roundProgressInWords({ round: 1, bands: [] }, 10, roundsSpec, 9))
      expect(text).not.toContain("±");
  });

  it("knows the widest of the bands that the proxy's CPU holds down", () => {
    const atCeiling = { ...band(0.9, 0.4), held: false };
    expect(widestOf([...bands, atCeiling])).toBe(bands[1]);
    expect(widestOf([atCeiling])).toBe(atCeiling);
    expect(widestOf([])).toBeUndefined();
  });

  it("says what rounds are made for", () => {
    expect(roundsPlanInWords(roundsSpec)).toContain("±5 %");
    expect(roundsPlanInWords({ ...roundsSpec, rounds: 12 })).toBe("12 rounds of 10 points");
  });
});

describe("the end of rounds, in words", () => {
  const end = { bands, round: 4, interrupted: false };
  const narrow = { ...end, bands: bands.filter(({ halfWidth }) => halfWidth < 0.05) };

  it("says that the precision was reached", () => {
    expect(roundsEndInWords(roundsSpec, narrow)).toMatch(/reached after 4 rounds.*±4.1 %/);
  });

  it("says how wide the widest band was left, of which configuration, and what had been wanted", () => {
    const text = roundsEndInWords({ ...roundsSpec, budgetSeconds: 60 }, end);
    expect(text).toContain("time was up after 4 rounds");
    expect(text).toContain("±7.2 % (haproxy 0.20 cpu; wanted ±5 %)");
  });

  it.each([
    ["that so many rounds were asked for", { ...roundsSpec, rounds: 4 }, end, "as asked"],
    ["that it was interrupted", roundsSpec, { ...end, interrupted: true }, "interrupted"],
    ["that there are no more rounds", roundsSpec, { ...end, bands: [band(0.1, 0.2, mostRounds)] }, "not reached"],
    ["that no band is known", roundsSpec, { ...end, bands: [] }, "nothing says"],
  ])("says %s", (_, spec, how, words) => expect(roundsEndInWords(spec, how)).toContain(words));
});
