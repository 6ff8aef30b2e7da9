import { describe, expect, it } from "vitest";
import { findCapacity, findSize, windowToShow } from "../../../src/core/answer/search.ts";
import type { Measure } from "../../../src/core/answer/setting.ts";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { SweepSpec } from "../../../src/core/domain/spec.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { queueOf } from "../../../src/core/plan/queue.ts";
import { trialRecord } from "../../fixtures/records.ts";

const goal = { p99Ms: 20 };
const rate = 1000;
const spec: SweepSpec = {
  ...gridSpec,
  proxies: ["haproxy"],
  loadTools: ["pacer"],
  cpu: [0.02, 1],
  requestsPerSecond: [rate],
  anchors: 0,
  seed: 1,
  plan: "size",
  goal,
};
const question = { spec, confidence: 0.9, verify: true };
const options = { signal: new AbortController().signal, onEvent: () => {} };

/** Measures a proxy whose p99 falls with the limit, steeply, and is 20 ms at `needed` cores. */
function lab(needed: number, { floorMs = 1, later = 1 } = {}) {
  const specs: SweepSpec[] = [];
  const measure: Measure = async (wanted) => {
    specs.push(wanted);
    const slower = specs.length > 1 ? later : 1;
    const queue = queueOf(wanted);
    const trials: TrialRecord[] = [];
    for (let next = queue.next(trials); next; next = queue.next(trials)) {
      const { cpu } = next.point;
      const p99 = Math.max(floorMs, 20 * slower * (needed / cpu) ** 3);
      const base = trialRecord();
      trials.push(
        trialRecord({
          ...next,
          result: {
            ...base.result!,
            loop: "open",
            requestsPerSecond: rate - 1,
            offeredRequestsPerSecond: rate,
            failedRequests: 0,
            latencyMs: { p50: 1, p99 },
          },
          usage: {
            cpuAchieved: Math.min(cpu, needed / 2),
            throttledShare: p99 > floorMs ? 0.3 : 0,
            memoryPeakBytes: 2 ** 24,
          },
          verdict: { bound: "rate-bound", evidence: "" },
        }),
      );
    }
    return { id: `s${specs.length}`, status: "finished", trials };
  };
  return { measure, specs };
}

describe("the size of a proxy", () => {
  it("is a limit a little above the least that keeps the goal, proved in windows that can show the percentile", async () => {
    const { measure, specs } = lab(0.15);
    const { answer, measuring, unmet } = await findSize(measure, question, options);
    expect(unmet).toBeUndefined();
    expect(answer!.recommendedCpu).toBeGreaterThanOrEqual(0.15);
    expect(answer!.recommendedCpu).toBeLessThan(0.15 * 1.3);
    expect(answer!.cpu.estimate).toBeCloseTo(0.15, 2);
    expect(answer!.useCpu).toBeCloseTo(0.075);
    expect(answer!.memory).toEqual({ bytes: 20 * 2 ** 20, from: "peak" });
    expect(answer!.verification).toMatchObject({ status: "finished", recommended: { held: true } });
    expect(measuring.trials).toBeLessThanOrEqual(12);
    expect(specs.map(({ plan }) => plan)).toEqual(["size", "grid"]);
    expect(specs[1]!.scenario.windowSeconds).toBe(windowToShow(rate));
  });

  it("is raised by a step where it did not hold, and said not to hold where it does not then either", async () => {
    const { answer, ...found } = await findSize(lab(0.15, { later: 1.3 }).measure, question, options);
    const plain = await findSize(lab(0.15).measure, question, options);
    expect(answer!.recommendedCpu).toBeGreaterThan(1.1 * plain.answer!.recommendedCpu);
    expect(answer!.verification!.recommended.held).toBe(true);
    expect(found.measuring.trials).toBe(plain.measuring.trials);
    const never = await findSize(lab(0.15, { later: 9 }).measure, question, options);
    expect(never.answer!.verification!.recommended.held).toBe(false);
  });

  it("is not told where the goal is out of reach, and says why", async () => {
    const { answer, unmet } = await findSize(lab(0.15, { floorMs: 30 }).measure, question, options);
    expect(answer).toBeUndefined();
    expect(unmet).toMatchObject({ cause: "latency", bound: "rate-bound" });
  });

  it("is not told where load tool and origins alone take longer than the goal", async () => {
    const { measure } = lab(0.15, { floorMs: 30 });
    const slow: Measure = async (...told) => {
      const found = await measure(...told);
      return { ...found, trials: found.trials.map((trial) => ({ ...trial, directLatencyMs: { p99: 25 } })) };
    };
    const { unmet } = await findSize(slow, question, options);
    expect(unmet).toEqual({ cause: "baseline", directP99Ms: 25 });
  });

  it("is found without a proof where none is wanted", async () => {
    const { measure, specs } = lab(0.15);
    const { answer } = await findSize(measure, { ...question, verify: false }, options);
    expect(answer).not.toHaveProperty("verification");
    expect(specs).toHaveLength(1);
  });

  it("has windows in which a hundred requests lie beyond the percentile, within reason", () => {
    expect([100, 500, 1000, 20_000].map(windowToShow)).toEqual([30, 20, 10, 10]);
  });
});

/** Serves up to 3,500 requests/s at 0.2 cores; its p99 rises with the rate, and is 20 ms at `kept`. */
function rateLab(kept: number, { later = 1, shown = Number.POSITIVE_INFINITY } = {}) {
  const most = 3500;
  const specs: SweepSpec[] = [];
  const measure: Measure = async (wanted) => {
    specs.push(wanted);
    const slower = specs.length > 1 ? later : 1;
    const queue = queueOf(wanted);
    const trials: TrialRecord[] = [];
    for (let next = queue.next(trials); next; next = queue.next(trials)) {
      const offered = next.point.requestsPerSecond!;
      const served = Math.min(offered, most);
      const p99 = served < offered ? 900 : Math.max(2, 20 * slower * (offered / kept) ** 3);
      const base = trialRecord();
      trials.push(
        trialRecord({
          ...next,
          result: {
            ...base.result!,
            loop: "open",
            requestsPerSecond: served,
            offeredRequestsPerSecond: offered,
            failedRequests: 0,
            latencyMs: { p50: 1, p99 },
          },
          usage: { cpuAchieved: (0.2 * served) / most, throttledShare: 0.3 },
          verdict: { bound: served < offered ? "proxy-bound" : "rate-bound", evidence: "" },
          directLatencyMs: { p99: offered < shown ? 1.5 : 40 },
        }),
      );
    }
    return { id: `s${specs.length}`, status: "finished", trials };
  };
  return { measure, specs };
}

describe("the capacity of a proxy under a CPU limit", () => {
  const wanted: SweepSpec = { ...spec, cpu: [0.2], requestsPerSecond: [50, 50_000], plan: "capacity" };
  const asked = { ...question, spec: wanted };

  it("is a rate a little below the highest that keeps the goal, proved with one a step above that does not", async () => {
    const { measure, specs } = rateLab(2400);
    const { answer, measuring, goals, unmet } = await findCapacity(measure, asked, options);
    expect(unmet).toBeUndefined();
    expect(goals).toEqual({ p99Ms: 20 });
    expect(answer!.recommendedRequestsPerSecond).toBeLessThanOrEqual(2400);
    expect(answer!.recommendedRequestsPerSecond).toBeGreaterThan(2400 / 1.3);
    expect(answer!.requestsPerSecond.estimate / 2400).toBeCloseTo(1, 1);
    expect(answer).toMatchObject({ mostRequestsPerSecond: 3500, directP99Ms: 1.5, point: { cpu: 0.2 } });
    expect(answer).not.toHaveProperty("atLeast");
    const { recommendedRequestsPerSecond: rate, verification } = answer!;
    expect(verification).toMatchObject({
      status: "finished",
      held: true,
      recommended: { requestsPerSecond: rate, cpu: 0.2, held: true },
      above: { held: false },
    });
    expect(verification!.above.requestsPerSecond / rate).toBeCloseTo(1.15, 2);
    expect(measuring.trials).toBeLessThanOrEqual(12);
    expect(specs.map(({ plan }) => plan)).toEqual(["capacity", "grid"]);
    expect(specs[1]!.scenario.windowSeconds).toBe(windowToShow(rate));
  });

  it("is lowered by a step where it did not hold, and said not to hold where it does not then either", async () => {
    const plain = await findCapacity(rateLab(2400).measure, asked, options);
    const { answer } = await findCapacity(rateLab(2400, { later: 1.3 }).measure, asked, options);
    expect(plain.answer!.recommendedRequestsPerSecond / answer!.recommendedRequestsPerSecond).toBeCloseTo(1.15, 1);
    expect(answer!.verification!.held).toBe(true);
    const never = await findCapacity(rateLab(2400, { later: 9 }).measure, asked, options);
    expect(never.answer!.verification!.held).toBe(false);
  });

  it("is at least the highest rate at which load tool and origins alone keep the goal", async () => {
    const { answer } = await findCapacity(rateLab(3400, { shown: 1500 }).measure, asked, options);
    expect(answer!.atLeast).toEqual({ cause: "baseline", directP99Ms: 40 });
    const { estimate, low, high } = answer!.requestsPerSecond;
    expect(estimate).toBeGreaterThan(1200);
    expect([low, high]).toEqual([estimate, undefined]);
    expect(answer!.recommendedRequestsPerSecond).toBeLessThanOrEqual(estimate);
  });

  it("is at least the highest rate that was to be tried", async () => {
    const within = { ...asked, spec: { ...wanted, requestsPerSecond: [100, 1000] } };
    const { answer } = await findCapacity(rateLab(2400).measure, within, options);
    expect(answer).toMatchObject({ atLeast: { cause: "range" }, requestsPerSecond: { estimate: 1000 } });
    expect(answer).not.toHaveProperty("mostRequestsPerSecond");
  });

  it("is not told where the lowest rate misses the goal, or nothing can be shown there", async () => {
    const slow = await findCapacity(rateLab(15).measure, asked, options);
    expect(slow).not.toHaveProperty("answer");
    expect(slow.unmet).toMatchObject({ cause: "latency" });
    const hidden = await findCapacity(rateLab(2400, { shown: 1 }).measure, asked, options);
    expect(hidden.unmet).toEqual({ cause: "baseline", directP99Ms: 40 });
  });

  it("is found without a proof where none is wanted, and not told where the search was cut short", async () => {
    const { measure, specs } = rateLab(2400);
    const { answer } = await findCapacity(measure, { ...asked, verify: false }, options);
    expect(answer).not.toHaveProperty("verification");
    expect(specs).toHaveLength(1);
    const cut: Measure = async (...told) => ({ ...(await measure(...told)), status: "interrupted" });
    const { answer: none, unmet } = await findCapacity(cut, asked, options);
    expect([none, unmet]).toEqual([undefined, undefined]);
  });
});
