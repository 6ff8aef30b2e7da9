import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, random, studentQuantile } from "../../../src/core/statistics/index.ts";
import { type LogSample, logMean } from "../../../src/core/statistics/logMean.ts";

/** What log-ratios are made of; deviations are standard deviations of logarithms. */
interface Noise {
  readonly settings: number;
  readonly rounds: number;
  /** Of a visit, by setting. */
  readonly visit?: (setting: number) => number;
  /** Share of visits at half the rate. */
  readonly odd?: number;
  /** Of what all settings of a round share. */
  readonly round?: number;
  /** Log-ratio of each setting. */
  readonly ratio?: (setting: number) => number;
}

const draw = random(20_261_130);
const normal = () => normalQuantile(Math.max(1e-12, draw()));

function samplesOf({ settings, rounds, visit = () => 0.08, odd = 0, round = 0, ratio = () => 0 }: Noise): LogSample[] {
  return Array.from({ length: rounds }, (_, at) => {
    const shared = round * normal();
    const side = (setting: number) => visit(setting) * normal() + (draw() < odd ? Math.log(0.5) : 0);
    return Array.from({ length: settings }, (_, setting) => ({
      setting: String(setting),
      round: at,
      log: ratio(setting) + shared + side(setting) - side(setting),
    }));
  }).flat();
}

/** Share of 400 made measurements whose interval leaves the value out. */
function missed(noise: Noise, value = 0): number {
  const runs = Array.from({ length: 400 }, () => {
    const { mean, variance, degreesOfFreedom } = logMean(samplesOf(noise))!;
    return Math.abs(mean - value) > studentQuantile(0.95, degreesOfFreedom) * Math.sqrt(variance);
  });
  return runs.filter(Boolean).length / runs.length;
}

/** 2 levels, as many rounds of both sides as take 4 minutes with visits of 1.1 s. */
const fourMinutes = { settings: 2, rounds: 54 };
const twoMinutes = { settings: 2, rounds: 27 };

describe("a mean of log-ratios", () => {
  it.each<[string, Noise]>([
    ["two settings", fourMinutes],
    ["ten settings", { settings: 10, rounds: 12 }],
    ["the fewest rounds", { settings: 4, rounds: 6 }],
    ["settings with noise of their own", { settings: 10, rounds: 12, visit: (at) => (at < 2 ? 0.2 : 0.07) }],
    ["odd visits", { ...fourMinutes, odd: 0.03 }],
    ["rounds with noise of their own", { settings: 10, rounds: 12, round: 0.03 }],
    ["ratios of their own", { settings: 10, rounds: 12, ratio: (at) => 0.05 * (at - 4.5) }],
  ])("calls a difference where there is none about as often as said: %s", (_, noise) => {
    const share = missed(noise);
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.08);
  });

  it.each<[string, Noise]>([
    ["two", { settings: 8, rounds: 2 }],
    ["two with noise of their own", { settings: 8, rounds: 2, round: 0.03 }],
    ["three with noise of their own", { settings: 8, rounds: 3, round: 0.05 }],
    ["five with noise of their own", { settings: 10, rounds: 5, round: 0.05 }],
  ])("calls no more differences where there are none than it says, though rounds are few: %s", (_, noise) => {
    expect(missed(noise)).toBeLessThan(0.08);
  });

  it("finds 5 % within four minutes and 10 % within two", () => {
    const [five, ten] = [Math.log(0.95), Math.log(0.9)];
    expect(missed({ ...fourMinutes, ratio: () => five })).toBeGreaterThan(0.95);
    expect(missed({ ...fourMinutes, odd: 0.03, ratio: () => five })).toBeGreaterThan(0.9);
    expect(missed({ ...twoMinutes, odd: 0.03, ratio: () => ten })).toBeGreaterThan(0.95);
  });

  it("is moved little by an odd visit, and not as much less sure of itself as a plain mean", () => {
    const calm = samplesOf({ settings: 2, rounds: 12 });
    const one = calm.map((sample, at) => (at === 5 ? { ...sample, log: sample.log - 3 } : sample));
    const [before, after] = [logMean(calm)!, logMean(one)!];
    expect(Math.abs(after.mean - before.mean)).toBeLessThan(1.5 * Math.sqrt(before.variance));
    expect(after.variance).toBeLessThan(4 * before.variance);
  });

  it("lets every setting count the same, however often it was measured", () => {
    const samples = samplesOf({ settings: 2, rounds: 40, visit: () => 0.001, ratio: (at) => at });
    const fewer = samples.filter(({ setting, round }) => setting === "0" || round < 8);
    expect(logMean(fewer)!.mean).toBeCloseTo(0.5, 2);
    expect(logMean(fewer)!.degreesOfFreedom).toBeLessThan(20);
  });

  it("tells that settings differ where noise does not explain it, and seldom else", () => {
    const tells = (noise: Noise) =>
      Array.from({ length: 200 }, () => logMean(samplesOf(noise))!.differs === true).filter(Boolean).length / 200;
    expect(tells({ settings: 10, rounds: 12, ratio: (at) => (at === 0 ? -0.3 : 0) })).toBeGreaterThan(0.9);
    expect(tells({ settings: 10, rounds: 12 })).toBeLessThan(0.1);
    expect(tells({ settings: 2, rounds: 54, visit: (at) => 0.05 + 0.1 * at })).toBeLessThan(0.1);
  });

  it("is left as it is by the order of samples, and moves with them", () => {
    const logs = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(logs, fc.double({ min: -2, max: 2, noNaN: true }), (values, by) => {
        const samples = values.map((log, at) => ({ setting: String(at % 2), round: at >> 1, log: log / 1000 }));
        const moved = samples.toReversed().map((sample) => ({ ...sample, log: sample.log + by }));
        const [one, other] = [logMean(samples)!, logMean(moved)!];
        expect(other.mean - by).toBeCloseTo(one.mean, 6);
        expect(other.variance).toBeCloseTo(one.variance, 6);
      }),
    );
  });

  it("is none of a single sample, and knows no noise where all are the same", () => {
    expect(logMean([{ setting: "a", round: 0, log: 1 }])).toBeUndefined();
    const same = Array.from({ length: 8 }, (_, round) => ({ setting: "a", round, log: 1 }));
    expect(logMean(same)).toMatchObject({ mean: 1, variance: 0, degreesOfFreedom: 7 });
  });
});
