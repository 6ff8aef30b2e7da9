import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { adaptiveQueue } from "../../../src/core/plan/adaptive.ts";
import { type PlannedTrial, rigKey } from "../../../src/core/plan/plan.ts";
import { queueOf } from "../../../src/core/plan/queue.ts";
import { random } from "../../../src/core/statistics/random.ts";
import { trialRecord } from "../../fixtures/records.ts";
import { normal } from "../answer/synthetic.ts";

const spec: SweepSpec = {
  ...gridSpec,
  proxies: ["haproxy"],
  cpu: [0.05, 0.9],
  seed: 1,
  plan: "adaptive",
  trials: 9,
};

/** Runs the plan on a proxy that makes `rate(cpu)` requests/s; `undefined` for a trial that fails. */
function run(wanted: SweepSpec, rate: (cpu: number, proxy: string) => number | undefined): PlannedTrial[] {
  const queue = adaptiveQueue(wanted);
  const records: TrialRecord[] = [];
  const trials: PlannedTrial[] = [];
  for (let trial = queue.next(records); trial; trial = queue.next(records)) {
    trials.push(trial);
    const requestsPerSecond = rate(trial.point.cpu, trial.point.proxy);
    const base = trialRecord({ ...trial });
    const { result, ...failed } = base;
    records.push(
      requestsPerSecond === undefined
        ? { ...failed, status: "failed" }
        : { ...base, result: { ...result!, requestsPerSecond } },
    );
  }
  return trials;
}

const levels = (trials: readonly PlannedTrial[]) => trials.map(({ point }) => point.cpu);

describe("an adaptive plan", () => {
  it("begins with both ends and the middle, and says why", () => {
    const trials = run(spec, (cpu) => 30_000 * cpu);
    expect(levels(trials).slice(0, 3)).toEqual([0.05, 0.9, 0.21]);
    for (const { reason } of trials) expect(reason).toMatch(/\w/);
  });

  it("looks closely where the curve bends", () => {
    const knee = 0.5;
    const chosen = levels(run({ ...spec, trials: 8 }, (cpu) => 30_000 * Math.min(cpu, knee))).slice(3, -2);
    const near = chosen.filter((cpu) => cpu > 0.3 && cpu < 0.8);
    expect(near.length).toBeGreaterThanOrEqual(chosen.length / 2);
  });

  it("leaves no wide gap for the sake of bends that runs make by chance", () => {
    const widest = Array.from({ length: 100 }, (_, seed) => {
      const draw = random(seed);
      const differing = () => Math.exp(0.1 * normal(draw));
      const chosen = levels(run({ ...spec, trials: 12 }, (cpu) => 30_000 * cpu * differing())).sort((a, b) => a - b);
      return Math.max(...chosen.slice(1).map((cpu, at) => cpu / chosen[at]!));
    });
    expect(Math.max(...widest)).toBeLessThan(2.5); // even gaps would be of 1.4
  });

  it("measures both ends again at last, so that the spread between runs is known", () => {
    expect(levels(run(spec, (cpu) => 30_000 * cpu)).slice(-2)).toEqual([0.05, 0.9]);
  });

  it("ends once the curve is known as well as was asked for, but repeats its ends first", () => {
    const straight = run({ ...spec, trials: 30, until: 0.05 }, (cpu) => 30_000 * cpu);
    expect(straight.length).toBe(5);
    expect(new Set(levels(straight)).size).toBe(3);
    const bent = run({ ...spec, trials: 30, until: 0.05 }, (cpu) => 30_000 * Math.min(cpu, 0.3));
    expect(bent.length).toBeGreaterThan(straight.length);
    expect(bent.length).toBeLessThan(20);
  });

  it("stays within the levels and the number of trials asked for, whatever the proxy does", () => {
    const rates = fc.array(fc.option(fc.integer({ min: 1, max: 50_000 }), { nil: undefined }), {
      minLength: 40,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 30 }), (figures, trials) => {
        let call = 0;
        const chosen = levels(run({ ...spec, trials }, () => figures[call++ % figures.length]));
        expect(chosen.length).toBeLessThanOrEqual(trials);
        for (const cpu of chosen) expect(cpu >= 0.05 && cpu <= 0.9).toBe(true);
      }),
    );
  });

  it("shares its trials among proxies by where they tell most", () => {
    const two = { ...spec, proxies: ["straight", "bent"], trials: 16 };
    const trials = run(two, (cpu, proxy) => 10_000 * (proxy === "bent" ? Math.min(cpu, 0.3) : cpu));
    const of = (proxy: string) => trials.filter(({ point }) => point.proxy === proxy).length;
    expect(of("bent")).toBeGreaterThan(of("straight"));
    expect(of("straight")).toBeGreaterThanOrEqual(3);
  });

  it("counts a trial as left until it is given out, and none that an earlier run has recorded", () => {
    const queue = adaptiveQueue(spec);
    const records: TrialRecord[] = [];
    const left = [queue.remaining()];
    for (let trial = queue.next(records); trial; trial = queue.next(records)) {
      left.push(queue.remaining());
      records.push(trialRecord({ ...trial }));
    }
    expect(left.map(({ trials }) => trials)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(left.map(({ starts }) => starts)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(queueOf(spec, records.slice(0, 5)).remaining()).toEqual({ trials: 4, starts: 1 });
    expect(queueOf(spec, records).remaining()).toEqual({ trials: 0, starts: 0 });
  });

  it("needs no proxy any more once the last trial is given out", () => {
    const queue = adaptiveQueue({ ...spec, trials: 1 });
    const rig = rigKey(queue.next([])!.point);
    expect(queue.needs(rig)).toBe(false);
  });

  it("goes on from the records of an interrupted sweep as it would have", () => {
    const all = run(spec, (cpu) => 30_000 * Math.min(cpu, 0.4));
    const records = all.map((trial) => {
      const base = trialRecord({ ...trial });
      return { ...base, result: { ...base.result!, requestsPerSecond: 30_000 * Math.min(trial.point.cpu, 0.4) } };
    });
    for (let count = 0; count < all.length; count++) {
      expect(adaptiveQueue(spec).next(records.slice(0, count))?.point).toEqual(all[count]!.point);
    }
  });
});
