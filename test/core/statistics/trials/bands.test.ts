import { describe, expect, it } from "vitest";
import { bandsOf } from "../../../../src/core/statistics/trials/bands.ts";
import { atReferenceSpeed, referenceSpeedOf } from "../../../../src/core/statistics/trials/referenceSpeed.ts";
import { type Machine, simulatedSweep, trueLog } from "../../../fixtures/simulatedSweep.ts";

const sweeps = 60;

/** How often bands at the reference speed hold the truth, and how far off and how wide they are, by logarithm. */
function judged(changes: Partial<Machine>) {
  const found = Array.from({ length: sweeps }, (_, seed) => {
    const { machine, records } = simulatedSweep({ ...changes, seed: seed + 1 });
    const reference = referenceSpeedOf(records)!;
    const { used } = reference.proxies.get(machine.proxy)!;
    return bandsOf(atReferenceSpeed(records, reference)).map(({ point, own, smooth, halfWidth }) => {
      const truth = Math.exp(trueLog(machine, point.cpu, used ? reference.probeMicros : undefined));
      const [holdsOwn, holdsSmooth] = [own, smooth].map(({ low, high }) => low <= truth && truth <= high);
      return { holdsOwn, holdsSmooth, cpu: point.cpu, error: Math.log(smooth.estimate / truth), halfWidth };
    });
  }).flat();
  return {
    own: found.filter(({ holdsOwn }) => holdsOwn).length / found.length,
    smooth: heldShare(found),
    bias: found.reduce((sum, { error }) => sum + error, 0) / found.length,
    halfWidth: found.reduce((sum, one) => sum + one.halfWidth, 0) / found.length,
    worstLevel: Math.min(...[...Map.groupBy(found, ({ cpu }) => cpu).values()].map(heldShare)),
  };
}

function heldShare(bands: readonly { holdsSmooth: boolean | undefined }[]): number {
  return bands.filter(({ holdsSmooth }) => holdsSmooth).length / bands.length;
}

const straight = (cpu: number) => -0.02 * Math.log(cpu) ** 2;
const machines: Record<string, Partial<Machine>> = {
  noisy: {},
  "whose curve has a kink": { bend: (cpu) => straight(cpu) - (cpu > 0.3 ? 0.3 * Math.log(cpu / 0.3) : 0) },
  "whose curve has a step": { bend: (cpu) => straight(cpu) - (cpu > 0.3 ? 0.08 : 0) },
  "with few requests": { capacity: 600 },
  "with an odd visit in fifteen": { odd: 1 / 15 },
  "whose processes differ": { process: 0.04 },
  quiet: { shared: 0.008, rest: 0.006 },
};

describe.each(Object.entries(machines))("bands of a machine %s", (_, changes) => {
  it.each([3, 6, 12])("hold the truth of %i rounds as often as they say, and have no bias", (rounds) => {
    const { own, smooth, bias, worstLevel } = judged({ ...changes, rounds });
    for (const share of [own, smooth]) expect(share).toBeGreaterThan(0.92);
    expect(own).toBeLessThan(0.985);
    expect(worstLevel).toBeGreaterThan(0.78);
    expect(Math.abs(bias)).toBeLessThan(0.01);
  });
});

describe("the band of a configuration", () => {
  const corrected = (changes: Partial<Machine>) => atReferenceSpeed(simulatedSweep(changes).records);

  it("is narrower by the speed correction, by more visits, and by the curve", () => {
    const { records } = simulatedSweep({ rounds: 8 });
    const width = (bands: ReturnType<typeof bandsOf>) => Math.max(...bands.map(({ halfWidth }) => halfWidth));
    expect(width(bandsOf(atReferenceSpeed(records)))).toBeLessThan(0.8 * width(bandsOf(records)));
    expect(width(bandsOf(corrected({ rounds: 12 })))).toBeLessThan(width(bandsOf(corrected({ rounds: 3 }))));
    for (const { own, smooth, runs } of bandsOf(records)) {
      expect(smooth.high / smooth.low).toBeLessThanOrEqual(own.high / own.low);
      expect(runs).toBe(8);
    }
  });

  it("is that of its own runs where the curve has fewer than four levels, and at a ceiling", () => {
    const few = bandsOf(corrected({ limits: [0.1, 0.2, 0.4] }));
    expect(few.map(({ own }) => own)).toEqual(few.map(({ smooth }) => smooth));
    const records = corrected({ ceiling: 5_000, shared: 0.05 });
    const [ceiling] = bandsOf(records).filter(({ point }) => point.cpu === 0.9);
    expect(ceiling!.smooth).toEqual(ceiling!.own);
    expect(ceiling!.own.estimate).toBeCloseTo(5_000, -2);
    expect(ceiling!.halfWidth).toBeLessThan(0.01);
  });

  it("has half the width of the smooth one as a share of its estimate", () => {
    for (const { smooth, halfWidth } of bandsOf(corrected({}))) {
      expect(halfWidth).toBeCloseTo((smooth.high - smooth.low) / 2 / smooth.estimate, 12);
    }
  });

  it("holds the truth where windows cut periods of the quota, which is nearly all the noise", () => {
    const { own, smooth } = judged({ shared: 0.03, rest: 0.004, perRequest: 0, window: 0.65, tilt: 0, rounds: 3 });
    expect(Math.min(own, smooth)).toBeGreaterThan(0.95);
  });

  it("is absent where nothing was visited again, and for what failed", () => {
    expect(bandsOf(corrected({ rounds: 1 }))).toEqual([]);
    const failed = corrected({}).map((record) => ({ ...record, status: "failed" as const }));
    expect(bandsOf(failed)).toEqual([]);
  });

  it("goes by no visit whose load tool was contradicted", () => {
    const records = corrected({});
    const contradictions = [{ code: "count", evidence: "" }] as const;
    const doubted = records.map((record, at) => {
      return at === 3 ? { ...record, contradictions, result: { ...record.result!, requestsPerSecond: 1e6 } } : record;
    });
    expect(bandsOf(doubted)).toEqual(bandsOf(records.filter((_, at) => at !== 3)));
  });

  it("of a proxy is not widened by another that varies more", () => {
    const [calm, wild] = [corrected({}), corrected({ proxy: "squid", rest: 0.4, seed: 9 })];
    const own = bandsOf([...calm, ...wild]).filter(({ point }) => point.proxy === "haproxy");
    expect(own).toEqual(bandsOf(calm));
  });
});
