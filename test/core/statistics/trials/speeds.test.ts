import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import {
  atSpeedOf,
  referencesOf,
  speedBasisOf,
  speedCorrected,
} from "../../../../src/core/statistics/trials/speeds.ts";
import { ratePerCore, unprobed, visits } from "../../../fixtures/visits.ts";

const perCore = ({ result, point }: TrialRecord) => result!.requestsPerSecond / point.cpu;
/** Largest / smallest rate for each core. */
const spread = (records: readonly TrialRecord[]) =>
  Math.max(...records.map(perCore)) / Math.min(...records.map(perCore));
const elsewhere = (records: readonly TrialRecord[]) =>
  records.map((record) => ({ ...record, environment: { ...record.environment, cores: 64 } }));

describe("trials at one speed", () => {
  it("differ by less, and stay in their order", () => {
    const measured = visits();
    const corrected = speedCorrected(measured);
    expect(spread(measured)).toBeGreaterThan(1.3);
    expect(spread(corrected)).toBeLessThan(1.1);
    expect(corrected.map(({ id }) => id)).toEqual(measured.map(({ id }) => id));
  });

  it("are as they were measured where that is wanted, and where no probe ran", () => {
    const measured = visits();
    expect(speedCorrected(measured, { raw: true })).toBe(measured);
    const old = unprobed(measured);
    expect(speedCorrected(old)).toBe(old);
  });

  it("of an open loop keep a rate that was served, and have one at reference speed that was not", () => {
    const offering = (times: number) =>
      visits().map((record) => {
        const offeredRequestsPerSecond = record.result!.requestsPerSecond * times;
        return { ...record, result: { ...record.result!, offeredRequestsPerSecond } };
      });
    const ratesOf = (records: readonly TrialRecord[]) => records.map(({ result }) => result!.requestsPerSecond);
    expect(ratesOf(speedCorrected(offering(1)))).toEqual(ratesOf(visits()));
    expect(ratesOf(speedCorrected(offering(2)))).not.toEqual(ratesOf(visits()));
  });

  it("of two sweeps have the speed of both", () => {
    const slow = visits({ sweepId: "slow", slowness: 1.3 });
    const apart =
      speedCorrected(slow)[0]!.result!.requestsPerSecond / speedCorrected(visits())[0]!.result!.requestsPerSecond;
    expect(apart).toBeLessThan(0.9);
    expect(spread(speedCorrected([...visits(), ...slow]))).toBeLessThan(1.1);
  });

  it("of two machines have a speed each", () => {
    const [here, there] = [visits(), elsewhere(visits({ sweepId: "there", slowness: 2 }))];
    const together = speedCorrected([...here, ...there]);
    expect(together).toEqual([...speedCorrected(here), ...speedCorrected(there)]);
  });

  it("can be those of others, on the same machine alone", () => {
    const [fast, slow] = [visits(), visits({ sweepId: "slow", slowness: 1.3 })];
    const basis = speedBasisOf(speedCorrected(fast));
    expect(perCore(atSpeedOf(basis, slow)[0]!)).toBeCloseTo(perCore(speedCorrected(fast)[0]!), -3);
    expect(perCore(speedCorrected(slow, { references: referencesOf(fast) })[0]!)).toBeCloseTo(ratePerCore, -4);
    const other = elsewhere(slow);
    expect(atSpeedOf(basis, other)).toEqual(other);
    expect(atSpeedOf(speedBasisOf(fast), slow)).toBe(slow);
    expect(atSpeedOf(undefined, slow)).toBe(slow);
  });
});

describe("what trials say of their speed", () => {
  it("is how fast the machine was, and what that changed", () => {
    const basis = speedBasisOf(speedCorrected(visits()))!;
    expect(basis).toMatchObject({ figures: "at reference speed", readings: 18, machine: "test, 2 cores" });
    expect(basis.probeMicros).toBeCloseTo(10, 0);
    const { speeds, rates, slopes } = basis.correction!;
    expect(speeds[0]).toBeCloseTo(-0.18, 1);
    expect(speeds[1]).toBeCloseTo(0.22, 1);
    // Where the machine was slow the rate rises.
    expect(rates[0]).toBeCloseTo(-0.3, 1);
    expect(rates[1]).toBeCloseTo(0.38, 1);
    expect(slopes).toMatchObject([{ proxy: "haproxy", slope: expect.closeTo(1.6, 1) }]);
  });

  it("is that figures are as measured where the probe explains nothing", () => {
    const deaf = visits({ rounds: 8 }).map((visit, at) => ({
      ...visit,
      speed: { ...visit.speed!, probeMicros: 10 * Math.exp(0.2 * Math.cos(1.7 * at)) },
    }));
    const found = speedCorrected(deaf);
    expect(speedBasisOf(found)).toMatchObject({ figures: "as measured", unhelpful: true });
    expect(speedBasisOf(found)).not.toHaveProperty("correction");
    expect(found.map(({ result }) => result)).toEqual(deaf.map(({ result }) => result));
  });

  it("is that figures are as measured, beside readings", () => {
    const basis = speedBasisOf(visits())!;
    expect(basis).toMatchObject({ figures: "as measured", readings: 18 });
    expect(basis.correction).toBeUndefined();
  });

  it("is nothing without a probe, and no time of it for several machines", () => {
    expect(speedBasisOf(unprobed(visits()))).toBeUndefined();
    expect(speedBasisOf([...visits(), ...elsewhere(visits())])).not.toHaveProperty("probeMicros");
  });
});
