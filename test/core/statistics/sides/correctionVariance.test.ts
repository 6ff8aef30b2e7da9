import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import { correctionVariance } from "../../../../src/core/statistics/sides/correctionVariance.ts";
import { trialRecord } from "../../../fixtures/records.ts";

/** Trials that got so much CPU time in windows of 1 s, corrected by a slope that is known to 0.1. */
function side(cpuSeconds: readonly number[], logProbe: number, corrected = true): TrialRecord[] {
  return cpuSeconds.map((seconds, replicate) => {
    const base = trialRecord({ replicate });
    const correction = { probeMicros: 400, logProbe, slope: 0.8, slopeError: 0.1, requestsPerSecond: 8_000 };
    return {
      ...base,
      result: { ...base.result!, durationSeconds: 1, countedBy: "origins" as const },
      usage: { ...base.usage!, cpuSeconds: seconds },
      ...(corrected && { correction }),
    };
  });
}

describe("the variance of a correction", () => {
  const even = [0.3, 0.3, 0.3, 0.3];
  const uneven = [0.29, 0.31, 0.3, 0.3];

  it("is that of the slope, by how far apart the speeds of the sides are", () => {
    expect(correctionVariance([side(even, 0.2), side(even, -0.1)])).toBeCloseTo((0.1 * 0.3) ** 2, 9);
    expect(correctionVariance([side(even, 0.2), side(even, 0.2)])).toBeCloseTo(0, 9);
  });

  it("is that of the CPU which each side got, less for more trials", () => {
    const few = correctionVariance([side(uneven, 0), side(uneven, 0)]);
    const many = correctionVariance([side([...uneven, ...uneven], 0), side([...uneven, ...uneven], 0)]);
    expect(few).toBeGreaterThan(0);
    expect(many / few).toBeLessThan(0.5);
  });

  it("is none where nothing was corrected", () => {
    expect(correctionVariance([side(uneven, 0.2, false), side(uneven, -0.1, false)])).toBe(0);
  });
});
