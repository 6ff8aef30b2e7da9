import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../src/core/statistics/trials/compare.ts";
import { comparisonInWords, nothingInCommon } from "../../../src/core/words/comparison.ts";

const open: Comparison = { pairings: [], pairs: 8, verdict: "too few", apart: true };
const ratio = { estimate: 1.25, low: 1.1, high: 1.4, confidence: 0.95 };
const words = (found: Partial<Comparison>) => comparisonInWords({ ...open, ...found }, "requests/s", ["a", "b"]);

describe("a comparison in words", () => {
  it("says what to measure where there is no interval", () => {
    expect(words({ pairs: 1 })).toEqual([expect.stringMatching(/^one setting in common .*: measure more levels or/)]);
    expect(words({})).toEqual([expect.stringMatching(/^too few runs were repeated .*: measure with --anchors or/)]);
  });

  it.each([
    ["higher", "requests/s: b is higher; b / a = 1.250 (1.100 to 1.400, 95 %, 8 pairs)"],
    ["no difference", "requests/s: no difference shown; b / a = 1.250 (1.100 to 1.400, 95 %, 8 pairs)"],
  ] as const)("gives the ratio of a verdict: %s", (verdict, sentence) => {
    expect(words({ ratio, verdict, apart: false })).toEqual([sentence]);
  });

  it("adds what the interval has in it where the sides were measured at different times", () => {
    expect(words({ ratio, verdict: "higher" })[1]).toMatch(/^measured at different times: /);
  });

  it("says that two sides share no setting", () => {
    expect(nothingInCommon("p99 latency", ["a", "b"])).toBe("a and b have no setting in common with a p99 latency");
  });
});
