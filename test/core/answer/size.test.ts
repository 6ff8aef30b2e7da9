import { describe, expect, it } from "vitest";
import type { Measure } from "../../../src/core/answer/setting.ts";
import { findSize, windowToShow } from "../../../src/core/answer/size.ts";
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
  anchors: 0,
  seed: 1,
  plan: "size",
  goal,
};
const question = { spec, requestsPerSecond: rate, confidence: 0.9, verify: true };
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
