import { describe, expect, it } from "vitest";
import { figureOf } from "../../../src/core/domain/figures.ts";
import { speedBasisOf, speedCorrected } from "../../../src/core/statistics/trials/speeds.ts";
import {
  atItsSpeed,
  correctionInWords,
  speedFacts,
  speedInWords,
  speedRemarksOn,
} from "../../../src/core/words/speed.ts";
import { unprobed, visits } from "../../fixtures/visits.ts";

const rate = figureOf("requestsPerSecond");
const p99 = figureOf("latencyMs.p99");
const corrected = speedCorrected(visits());
const basis = speedBasisOf(corrected)!;

describe("the speed of figures in words", () => {
  it("is said of those that follow it, where a probe ran", () => {
    expect(atItsSpeed("rate", rate, basis)).toBe("rate at reference speed");
    expect(atItsSpeed("rate", rate, speedBasisOf(visits()))).toBe("rate as measured");
    expect(atItsSpeed("rate", rate, undefined)).toBe("rate");
    expect(atItsSpeed("p99", p99, basis)).toBe("p99");
    expect(speedRemarksOn([p99], corrected)).toEqual([]);
    expect(speedRemarksOn([rate], unprobed(visits()))).toEqual([]);
  });

  it("tells how fast the machine was, what that changed, and what that is known from", () => {
    expect(speedInWords(basis)).toMatch(
      /^at reference speed: probe [\d.]+ µs, rates changed -\d+ % to \+\d+ %, from 18 trials$/,
    );
    expect(speedInWords(speedBasisOf(visits())!)).toMatch(/^as measured: probe [\d.]+ µs, from 18 trials$/);
    expect(correctionInWords(basis)).toEqual([
      expect.stringMatching(/-\d+ % to \+\d+ %/),
      expect.stringMatching(/^haproxy: .*1\.[56]\d ±0\.\d\d$/),
    ]);
  });

  it("of one trial is that of its probe, with the rate either way", () => {
    const [first] = corrected;
    const counted = { ...first!, result: { ...first!.result!, countedBy: "origins" as const } };
    expect(Object.fromEntries(speedFacts(counted))).toEqual({
      "counted by": expect.stringContaining("origins"),
      "speed probe": expect.stringMatching(/^10\.0 µs, .*40 pieces.*5\.1 %/),
      "requests/s": expect.stringMatching(/^3\.00k as measured, [\d.]+k at reference speed$/),
    });
    expect(speedFacts(visits()[0]!).map(([name]) => name)).toEqual(["speed probe"]);
    expect(speedFacts(unprobed(visits())[0]!)).toEqual([]);
  });
});
