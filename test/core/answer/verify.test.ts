import { describe, expect, it } from "vitest";
import { calibrate } from "../../../src/core/answer/calibrate.ts";
import { learn } from "../../../src/core/answer/learning/learn.ts";
import type { Measure } from "../../../src/core/answer/setting.ts";
import { check, verify, verifyRate, wholeRate } from "../../../src/core/answer/verify.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { speedBasisOf, speedCorrected } from "../../../src/core/statistics/trials/speeds.ts";
import { verificationInWords } from "../../../src/core/words/verification.ts";
import law from "../../../src/plugins/models/capacity-law.ts";
import { expectRejection } from "../../fixtures/errors.ts";
import { ratePerCore, visits } from "../../fixtures/visits.ts";
import { rateAt, spreadCpus, trial } from "./synthetic.ts";

/** A lab whose sweeps measure a made-up proxy, `speed` times as fast as the usual one. */
function labOf(speed: number, change: (record: TrialRecord) => TrialRecord = (record) => record) {
  const specs: SweepSpec[] = [];
  const records: TrialRecord[] = [];
  const measure: Measure = async (spec) => {
    specs.push(spec);
    for (let replicate = 0; replicate < spec.replicates; replicate++)
      for (const cpu of spec.cpu) records.push(change({ ...trial({ cpu }, speed * rateAt(cpu)), replicate }));
    return { id: "s9", status: "finished", trials: records };
  };
  return { measure, specs };
}

const sweeping = { signal: new AbortController().signal, onEvent: () => {} };
const goals = { requestsPerSecond: 6000 };
const claim = { goals, cpu: 0.2214, levels: { servers: 1, concurrency: 32 }, example: trial({ cpu: 0.5 }, 1) };

describe("verifying", () => {
  it("runs the recommended limit, rounded up, and a step below, as the trials were made", async () => {
    const { measure, specs } = labOf(1);
    const found = await verify(measure, claim, sweeping);
    expect(specs[0]).toMatchObject({
      proxies: ["haproxy"],
      cpu: [0.222, 0.194],
      replicates: 3,
      plan: "grid",
      anchors: 0,
      scenario: claim.example.scenario,
    });
    expect(found).toMatchObject({
      sweepId: "s9",
      recommended: { cpu: 0.222, held: true, runs: 3, findings: [{ wanted: 6000, runsMet: 3 }] },
      below: { cpu: 0.194, held: false },
    });
  });

  it("says that it did not hold where the proxy is slower than thought", async () => {
    const { measure } = labOf(0.8);
    expect((await verify(measure, claim, sweeping)).recommended.held).toBe(false);
  });

  it("goes by the mean of the runs, and tells how many met the goal", () => {
    const runs = [5900, 6050, 6200].map((rate) => trial({ cpu: 0.2 }, rate));
    expect(check(goals, 0.2, runs)).toMatchObject({ held: true, findings: [{ measured: 6050, runsMet: 2 }] });
  });

  it("goes by no run whose load tool was contradicted", () => {
    const [slow, fast] = [trial({ cpu: 0.2 }, 5900), trial({ cpu: 0.2 }, 9000)];
    const contradicted: TrialRecord = {
      ...fast,
      contradictions: [{ code: "count", evidence: "" }],
      verdict: { bound: "contradicted", evidence: "" },
    };
    expect(check(goals, 0.2, [slow, contradicted])).toMatchObject({ held: false, runs: 1, failedRuns: 0 });
    const none = check(goals, 0.2, [contradicted]);
    expect(none).toMatchObject({ runs: 0, contradictedRuns: 1 });
    expect(none).not.toHaveProperty("held");
  });

  it("holds only if all goals are met", () => {
    const runs = [trial({ cpu: 0.2 }, 7000)];
    expect(check({ ...goals, p99Ms: 50, failedShare: 0 }, 0.2, runs).held).toBe(true);
    expect(check({ ...goals, p99Ms: 30 }, 0.2, runs).held).toBe(false);
  });

  it("does not hold where a run was killed at the memory limit, whatever the others did", () => {
    const { result: _, ...without } = trial({ cpu: 0.2 }, 7000);
    const error = { code: "LAB_MEMORY", message: "haproxy was killed at its memory limit while under load" };
    const killed: TrialRecord = { ...without, status: "failed", error };
    expect(check(goals, 0.2, [trial({ cpu: 0.2 }, 7000), killed])).toMatchObject({
      held: false,
      runs: 1,
      failedRuns: 1,
      killedRuns: 1,
      findings: [{ runsMet: 1 }],
    });
    expect(check(goals, 0.2, [killed])).toMatchObject({ held: false, runs: 0, killedRuns: 1 });
  });

  it("makes no verdict out of failed runs, and tells when not the proxy was the limit", () => {
    const failed: TrialRecord = { ...trial({ cpu: 0.2 }, 7000), status: "failed" };
    const { result: _, ...without } = failed;
    const checked = check(goals, 0.2, [without]);
    expect(checked).toEqual({ cpu: 0.2, runs: 0, failedRuns: 1, findings: [] });
    expect(check(goals, 0.2, [trial({ cpu: 0.2 }, 5000, "client-bound")])).toMatchObject({ bound: "client-bound" });
  });
});

describe("a rate to be tried", () => {
  it("is in whole requests/s, down to three digits", () => {
    expect([2349.6, 59.9, 12_399, 12_300, 0.4].map(wholeRate)).toEqual([2340, 59, 12_300, 12_300, 1]);
  });

  it("is run with one a step above, at the limit of the example, and says nothing where no run was completed", async () => {
    const specs: SweepSpec[] = [];
    const measure: Measure = async (spec) => {
      specs.push(spec);
      return { id: "s9", status: "finished", trials: [] };
    };
    const rateClaim = { goals: { p99Ms: 20 }, requestsPerSecond: 2000, cpu: 0.2, example: trial({ cpu: 0.2 }, 1) };
    const found = await verifyRate(measure, rateClaim, { ...sweeping, replicates: 1, windowSeconds: 10 });
    expect(specs[0]).toMatchObject({ cpu: [0.2], requestsPerSecond: [2000, 2300], replicates: 1, plan: "grid" });
    expect(found).toMatchObject({
      recommended: { requestsPerSecond: 2000, runs: 0 },
      above: { requestsPerSecond: 2300 },
    });
    expect(found).not.toHaveProperty("held");
  });
});

describe("calibrating", () => {
  async function learned() {
    const trials = spreadCpus(14).map((cpu) => trial({ cpu }, rateAt(cpu)));
    const found = await learn([law], trials, ["requestsPerSecond"]);
    if (!found.ok) throw new Error(found.refusal.message);
    return found.predictors;
  }

  it("scales a model by one trial, and tries it on another", async () => {
    const { measure, specs } = labOf(0.5);
    const { calibration } = await calibrate(measure, await learned(), claim.example, sweeping);
    expect(specs[0]).toMatchObject({ cpu: [0.21, 0.089], replicates: 1 });
    expect(calibration.factors.requestsPerSecond).toBeCloseTo(0.5, 1);
    expect(Math.abs(calibration.errors.requestsPerSecond!)).toBeLessThan(0.03);
  });

  it("says so where a trial gives nothing", async () => {
    const { measure } = labOf(1, (record) => ({
      ...record,
      status: "failed",
      error: { code: "LAB_START", message: "haproxy did not start" },
    }));
    const calibrated = calibrate(measure, await learned(), claim.example, sweeping);
    await expectRejection(calibrated, "LAB_NO_DATA", /\bcpu 0\.21\b.*: haproxy did not start$/);
  });
});

describe("a claim that was learned from visits", () => {
  const example = visits()[0]!;
  /** A lab that measures rounds of visits, so many times as slow as when the claim was learned. */
  const slowLab = (slowness: number) => {
    const specs: SweepSpec[] = [];
    const measure: Measure = async (spec) => {
      specs.push(spec);
      const trials = visits({ cpus: spec.cpu, rounds: spec.rounds!, sweepId: "s9", slowness });
      return { id: "s9", status: "finished", trials };
    };
    return { measure, specs };
  };
  const wanted = { goals, cpu: 0.21, levels: {}, example };
  const speed = speedBasisOf(speedCorrected(visits()));

  it("is tried by rounds of visits beside a probe, which take no longer than windows", async () => {
    const { measure, specs } = slowLab(1);
    await verify(measure, wanted, sweeping);
    expect(specs[0]).toMatchObject({ plan: "rounds", rounds: 12, replicates: 1, probe: true });
    expect(specs[0]!.scenario).toEqual(example.scenario);
  });

  it("is judged at the speed that it holds for", async () => {
    const { measure } = slowLab(1.3);
    const found = await verify(measure, { ...wanted, speed }, sweeping);
    expect(found).toMatchObject({ recommended: { held: true }, speed: { figures: "at reference speed" } });
    expect(verificationInWords(goals, found).join("\n")).toMatch(/at reference speed: probe 9\.\d+ µs/);
    expect((await verify(measure, wanted, sweeping)).recommended.held).toBe(false);
    expect((await verify(measure, { ...wanted, speed: speedBasisOf(visits()) }, sweeping)).recommended.held).toBe(
      false,
    );
  });

  it("is scaled to a machine by the mean of some visits", async () => {
    const learned = await learn(
      [law],
      spreadCpus(10).map((cpu) => trial({ cpu }, ratePerCore * cpu)),
      ["requestsPerSecond"],
    );
    if (!learned.ok) throw new Error(learned.refusal.message);
    const { measure, specs } = slowLab(1.3);
    const { calibration, predictors } = await calibrate(measure, learned.predictors, example, sweeping);
    expect(specs[0]).toMatchObject({ plan: "rounds", rounds: 4 });
    expect(calibration.factors.requestsPerSecond).toBeCloseTo(1.3 ** -1.6, 1);
    expect(predictors.requestsPerSecond!.rows).not.toHaveProperty("speed");
  });
});
