import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../src/core/statistics/sides/compare.ts";
import { comparisonInWords, gateInWords, nothingInCommon } from "../../../src/core/words/comparison.ts";

const same = { differ: [] };
const open: Comparison = {
  pairings: [],
  pairs: 8,
  verdict: "too few",
  matters: 0.05,
  apart: true,
  machines: same,
  versions: same,
  options: same,
  protocols: same,
};
const ratio = { estimate: 1.25, low: 1.1, high: 1.4, confidence: 0.95 };
const words = (found: Partial<Comparison>) => comparisonInWords({ ...open, ...found }, "requests/s", ["a", "b"]);

describe("a comparison in words", () => {
  it("says what to measure where there is no interval", () => {
    expect(words({ pairs: 1 })).toEqual([
      expect.stringMatching(/^one setting in common .*: measure more levels, --rounds/),
    ]);
    expect(words({})).toEqual([
      expect.stringMatching(/^too few runs were repeated .*: measure with --rounds, --anchors or/),
    ]);
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

  it("says what would tell where the interval is too wide", () => {
    const unstable = { ratio, verdict: "unstable", apart: false } as const;
    expect(words({ ...unstable, needs: { runs: 24, seconds: 420 } })).toEqual([
      "requests/s: unstable: no difference and one of 5 % are both possible; b / a = 1.250 (1.100 to 1.400, 95 %, 8 pairs)",
      "24 rounds or replicates of both (7 m 0 s) would likely tell",
    ]);
    expect(words(unstable)[1]).toMatch(/^more of the same would not tell: measure both in one sweep/);
  });

  it("tells of other machines, other versions, and of a ratio that is not the same everywhere", () => {
    const kernels = { differ: [{ what: "kernel", first: ["6.1"], second: ["6.8"] }] };
    const haproxies = { differ: [{ what: "haproxy", first: ["2.8"], second: ["2.9", "3.0"] }] };
    const found = words({
      ratio,
      verdict: "higher",
      apart: false,
      varies: true,
      machines: kernels,
      versions: haproxies,
    });
    expect(found.slice(1)).toEqual([
      expect.stringContaining("not the same at all settings"),
      "measured on other machines: kernel 6.1 and 6.8",
      "measured with other versions: haproxy 2.8 and 2.9, 3.0",
    ]);
  });

  it("says what a gate found", () => {
    const outcomes = ["passed", "regressed", "unstable", "other machines"] as const;
    for (const outcome of outcomes) expect(gateInWords(outcome)).toContain("--max-regress");
    expect(new Set(outcomes.map(gateInWords)).size).toBe(outcomes.length);
  });

  it("says that two sides share no setting", () => {
    expect(nothingInCommon("p99 latency", ["a", "b"])).toBe("a and b have no setting in common with a p99 latency");
  });
});
