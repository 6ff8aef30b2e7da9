import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import { pooledSpread } from "../../../../src/core/statistics/index.ts";
import { atReferenceSpeed, referenceSpeedOf } from "../../../../src/core/statistics/trials/referenceSpeed.ts";
import { figuresByConfiguration } from "../../../../src/core/statistics/trials/repeated.ts";
import { slopeVariance } from "../../../../src/core/statistics/trials/slopeVariance.ts";
import { type Machine, simulatedSweep } from "../../../fixtures/simulatedSweep.ts";

const rate = ({ result }: TrialRecord) => result?.requestsPerSecond;
const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);

function slopesOf(changes: Partial<Machine>) {
  return seeds.map((seed) => {
    return referenceSpeedOf(simulatedSweep({ ...changes, seed }).records)!.proxies.get("haproxy")!;
  });
}

/** Standard deviation between runs of one configuration, corrected / raw, over many sweeps. */
function remaining(changes: Partial<Machine>): number {
  const spreads = seeds.map((seed) => {
    const { records } = simulatedSweep({ ...changes, seed });
    const [after, before] = [atReferenceSpeed(records), records].map((some) => {
      return pooledSpread([...figuresByConfiguration(some, rate).values()])!.logDeviation ** 2;
    });
    return { after: after!, before: before! };
  });
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return Math.sqrt(sum(spreads.map(({ after }) => after)) / sum(spreads.map(({ before }) => before)));
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the slope of a proxy's CPU time over the probe's", () => {
  it("is that of the prior while little was repeated, and the data's own later", () => {
    expect(slopesOf({ rounds: 1 })[0]).toMatchObject({ slope: 1.7, slopeError: 0.55, used: true });
    for (const slope of [1.2, 1.6, 2]) {
      expect(average(slopesOf({ slope, rounds: 12 }).map((found) => found.slope))).toBeCloseTo(slope, 1);
    }
  });

  it("errs by as much as it says", () => {
    const found = slopesOf({ slope: 1.4, rounds: 6 });
    const errors = found.map(({ slope, slopeError }) => ((slope - 1.4) / slopeError) ** 2);
    expect(average(errors)).toBeGreaterThan(0.5);
    expect(average(errors)).toBeLessThan(1.7);
  });

  it("is hardly moved by a visit that costs far more than others", () => {
    const { records } = simulatedSweep({ rounds: 12 });
    const usual = referenceSpeedOf(records)!.proxies.get("haproxy")!;
    for (let odd = 0; odd < 120; odd += 7) {
      const visits = records.map((record, index) => {
        if (index !== odd) return record;
        const completedRequests = Math.round(record.result!.completedRequests / 3);
        return { ...record, result: { ...record.result!, completedRequests } };
      });
      const moved = referenceSpeedOf(visits)!.proxies.get("haproxy")!;
      expect(Math.abs(moved.slope - usual.slope)).toBeLessThan(0.04);
    }
  });

  it("is not used where the proxy does not follow the probe", () => {
    const used = slopesOf({ slope: 0, rounds: 12, rest: 0.1 }).filter((found) => found.used && found.slope > 0.15);
    expect(used.length).toBeLessThan(3);
    expect(slopesOf({ slope: 0.8, rounds: 6 }).every((found) => found.used)).toBe(true);
  });
});

describe("figures at the reference speed", () => {
  it("differ half as much between runs as measured ones on a noisy machine", () => {
    expect(remaining({ rounds: 6, rest: 0.05 })).toBeLessThan(0.5);
    expect(remaining({ rounds: 2, rest: 0.05 })).toBeLessThan(0.55);
  });

  it("differ hardly more on a quiet machine, where all that varies is the probe's own error", () => {
    for (const rounds of [2, 3, 6, 12]) {
      expect(remaining({ rounds, shared: 0.008, rest: 0.006, perRequest: 0, window: 0.6 })).toBeLessThan(1.05);
    }
  });

  it("of a sweep on a slower machine are those of the other at one reference", () => {
    const ratios = seeds.map((seed) => {
      const [one, other] = [0, 0.2].map((slower) => {
        return simulatedSweep({ seed: seed + 100 * slower, slower, sweepId: `s${slower}` }).records;
      });
      const reference = referenceSpeedOf([...one!, ...other!])!;
      const [first, second] = [one!, other!].map((records) => atReferenceSpeed(records, reference));
      const ratio =
        average(second!.map((run) => Math.log(rate(run)!))) - average(first!.map((run) => Math.log(rate(run)!)));
      return { ratio, variance: slopeVariance(first!, second!) };
    });
    expect(average(ratios.map(({ ratio }) => ratio))).toBeCloseTo(0, 1);
    for (const { variance } of ratios) {
      expect(Math.sqrt(variance)).toBeGreaterThan(0.004);
      expect(Math.sqrt(variance)).toBeLessThan(0.03);
    }
    expect(slopeVariance(simulatedSweep().records, [])).toBe(0);
  });

  it("take the phase of the quota's periods out of the rate", () => {
    const changes = { shared: 0.03, rest: 0.001, piece: 0.01, perRequest: 0, window: 0.65, rounds: 8 };
    expect(remaining(changes)).toBeLessThan(0.1);
  });

  it("keep what the probe's time has from the limit alone, and say how surely it is known", () => {
    const levels = (tilt: number) =>
      seeds.map((seed) => atReferenceSpeed(simulatedSweep({ seed, tilt, rounds: 12 }).records));
    const [none, much] = [levels(0), levels(-0.07)];
    const lowest = (sweep: readonly TrialRecord[]) =>
      average(sweep.filter(({ point }) => point.cpu === 0.05).map((run) => Math.log(rate(run)!)));
    const highest = (sweep: readonly TrialRecord[]) =>
      average(sweep.filter(({ point }) => point.cpu === 0.9).map((run) => Math.log(rate(run)!)));
    const range = (sweeps: readonly (readonly TrialRecord[])[]) =>
      average(sweeps.map((sweep) => highest(sweep) - lowest(sweep)));
    expect(Math.abs(range(much) - range(none))).toBeLessThan(0.05);
    const shifts = none[0]!.map(({ point, correction }) => ({
      cpu: point.cpu,
      shift: Math.abs(correction!.levelShift!),
    }));
    const near = shifts.find(({ cpu }) => cpu === 0.25)!;
    expect(Math.max(...shifts.map(({ shift }) => shift))).toBeLessThan(0.05);
    expect(near.shift).toBeLessThan(0.2 * shifts[0]!.shift);
  });

  it("say how they were made, and leave the trials as they were", () => {
    const { records } = simulatedSweep();
    const copy = structuredClone(records);
    const corrected = atReferenceSpeed(records);
    expect(records).toEqual(copy);
    for (const [index, { correction, result, usage }] of corrected.entries()) {
      const raw = records[index]!;
      expect(correction!.requestsPerSecond).toBe(rate(raw));
      const gain = Math.exp(correction!.slope * correction!.logProbe);
      expect(usage!.cpuMicrosPerRequest).toBeCloseTo(raw.usage!.cpuMicrosPerRequest! / gain, 9);
      expect(result!.latencyMs.mean! * result!.requestsPerSecond).toBeCloseTo(3.5 * rate(raw)!, 6);
      expect(result!.latencyMs.p99).toBe(60);
    }
    expect(atReferenceSpeed(corrected)).toEqual(corrected);
  });

  it("are the measured ones where no probe ran, and where something else held the rate down", () => {
    const { records } = simulatedSweep();
    const unread = records.map(({ speed: _, ...record }) => record);
    expect(atReferenceSpeed(unread)).toBe(unread);
    const elsewhere = records.map((record) => ({
      ...record,
      verdict: { bound: "origin-bound" as const, evidence: "" },
    }));
    expect(atReferenceSpeed(elsewhere).map(rate)).toEqual(records.map(rate));
  });

  it("do not depend on the unit of the probe, nor on the order of the trials", () => {
    const { records } = simulatedSweep({ rounds: 3 });
    const rates = atReferenceSpeed(records).map((run) => rate(run)!);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), (unit) => {
        const scaled = records.map((run) => ({
          ...run,
          speed: { ...run.speed!, probeMicros: run.speed!.probeMicros * unit },
        }));
        const turned = atReferenceSpeed(scaled.toReversed()).toReversed();
        turned.forEach((run, index) => {
          expect(rate(run)! / rates[index]!).toBeCloseTo(1, 9);
        });
      }),
      { numRuns: 20 },
    );
  });

  it("of a long window whose requests the load tool counted follow the speed alone", () => {
    const { records } = simulatedSweep();
    const counted = records.map((run) => {
      const { countedBy: _, ...result } = run.result!;
      return { ...run, result };
    });
    for (const [index, { correction, result }] of atReferenceSpeed(counted).entries()) {
      const gain = Math.exp(correction!.slope * correction!.logProbe);
      expect(result!.requestsPerSecond).toBeCloseTo(rate(counted[index]!)! * gain, 6);
    }
  });
});
