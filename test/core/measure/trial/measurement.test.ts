import { expect, it } from "vitest";
import { measurementOf, type Observed } from "../../../../src/core/measure/trial/measurement.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const observation: Observed = {
  report: {
    loop: "closed",
    durationSeconds: 10,
    completedRequests: 10_000,
    failedRequests: 0,
    failures: {},
    latencyMs: { mean: 32 },
    latencyKind: "service",
  },
  samples: [],
  ended: "fixed",
  originServed: undefined,
  contradictions: [],
  limitsInForce: {},
  bounds: { usableCpu: 0.3 },
};

const resultOf = (seen: Observed) => measurementOf(trialRecord().point, seen).result;

it("tells how coarse the latencies are, where the load tool says so", () => {
  const report = { ...observation.report, latencyResolutionMs: 1 };
  expect(resultOf({ ...observation, report })).toMatchObject({ latencyResolutionMs: 1, requestsPerSecond: 1_000 });
  expect(resultOf(observation)).not.toHaveProperty("latencyResolutionMs");
});

it("calls a trial proxy-bound when the proxy used what its threads can, though its limit is higher", () => {
  const { point } = trialRecord({ point: { cpu: 2 } });
  const samples = [0, 1, 2, 3, 4].map((atSeconds) => ({ atSeconds, proxy: { cpuSeconds: 0.99 * atSeconds } }));
  const verdictAt = (usableCpu: number) =>
    measurementOf(point, { ...observation, samples, limitsInForce: { cpu: 2 }, bounds: { usableCpu } }).verdict;
  expect(verdictAt(1)).toMatchObject({ bound: "proxy-bound", evidence: expect.stringContaining("0.990 of 1 cpu") });
  expect(verdictAt(2)).toMatchObject({ bound: "client-bound" });
});

it("marks a trial whose load tool was contradicted, and does not put its count down to the proxy", () => {
  const { point } = trialRecord();
  const contradictions = [{ code: "count", evidence: "twice as many" }] as const;
  const measured = (changes: Partial<Observed>) =>
    measurementOf(point, { ...observation, originServed: 5_000, ...changes });
  expect(measured({ contradictions })).toMatchObject({ contradictions, verdict: { bound: "contradicted" } });
  expect(measured({ contradictions }).originGap).not.toBe(measured({}).originGap);
  expect(measured({})).not.toHaveProperty("contradictions");
});
