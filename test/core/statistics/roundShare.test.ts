import { describe, expect, it } from "vitest";
import { mean, normalQuantile, random } from "../../../src/core/statistics/index.ts";
import { roundShare } from "../../../src/core/statistics/roundShare.ts";

const draw = random(8);
const normal = () => normalQuantile(Math.max(1e-12, draw()));

/** Mean over made sweeps, whose samples have a variance of 1. */
function found(share: number, rounds: number, settings = 10): number {
  const sweeps = Array.from({ length: 100 }, () => {
    const shared = Array.from({ length: rounds }, () => Math.sqrt(share) * normal());
    const samples = Array.from({ length: settings }, (_, setting) =>
      shared.map((own, round) => ({
        setting: String(setting),
        round,
        value: setting + own + Math.sqrt(1 - share) * normal(),
      })),
    );
    return roundShare(samples.flat());
  });
  return mean(sweeps);
}

describe("the share of rounds in the variance", () => {
  it.each([0, 0.2, 0.55])("is found from many rounds: %f", (share) => {
    expect(Math.abs(found(share, 30) - share)).toBeLessThan(0.06);
  });

  it("is between what is usual and what is there where rounds are few", () => {
    expect(found(0, 2)).toBeGreaterThan(0.05);
    expect(found(0, 2)).toBeLessThan(0.25);
    expect(found(0.6, 2)).toBeGreaterThan(0.3);
  });

  it("does not matter, and is 0, for one setting, one round and no samples", () => {
    const sample = { setting: "0.1", round: 1, value: 5 };
    expect(roundShare([])).toBe(0);
    expect(roundShare([sample, { ...sample, setting: "0.2" }])).toBe(0);
    expect(roundShare([sample, { ...sample, round: 2, value: 6 }])).toBe(0);
  });

  it("is the same in other units and with settings elsewhere", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6, 5];
    const samples = values.map((value, at) => ({ setting: String(at % 3), round: Math.floor(at / 3), value }));
    const moved = samples.map(({ value, ...sample }) => ({
      ...sample,
      value: 1000 * value + 7 * Number(sample.setting),
    }));
    expect(roundShare(moved)).toBeCloseTo(roundShare(samples), 10);
  });
});
