import { describe, expect, it } from "vitest";
import { FACTORS } from "../../../src/core/domain/factors.ts";
import { correlated, FIGURES, figureOf, learnable } from "../../../src/core/domain/figures.ts";
import { trial } from "../../fixtures/madeRecords.ts";

describe("the table of figures", () => {
  it("finds each figure by its name, and refuses other names", () => {
    for (const figure of FIGURES) expect(figureOf(figure.id)).toBe(figure);
    expect(() => figureOf("karma")).toThrowError(expect.objectContaining({ code: "LAB_USAGE" }));
  });

  it("has a name, a column and a place in correlations for each figure alone", () => {
    const alone = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
    alone(FIGURES.map(({ id }) => id));
    alone(FIGURES.flatMap(({ id, column }) => (column ? [column.name ?? id] : [])));
    alone(correlated().map((figure) => figure.correlated));
    alone(FACTORS.map(({ key }) => key));
    const columns = FACTORS.map(({ key, column }) => column?.name ?? key);
    alone([...columns, ...FIGURES.flatMap(({ id, column }) => (column ? [column.name ?? id] : []))]);
  });

  it("reads figures of a trial, and nothing where nothing was measured", () => {
    const record = trial({ rate: 300, failed: 1000, p99: 7 });
    expect(figureOf("failedShare").of(record)).toBe(0.25);
    expect(figureOf("latencyMs.p99").of(record)).toBe(7);
    expect(figureOf("transferredBytesPerSecond").of(record)).toBe(60_000);
    expect(figureOf("throttledShare").of(record)).toBe(0.61);
    for (const { of } of FIGURES) expect(of(trial({ status: "failed" }))).toBeUndefined();
  });

  it("reads the percentiles that a tool told, under columns of their own", () => {
    const measured = trial({});
    const record = { ...measured, result: { ...measured.result!, latencyMs: { p95: 4, p999: 9 } } };
    const [p95, p999] = ["latencyMs.p95", "latencyMs.p999"].map((id) => figureOf(id));
    expect([p95!.of(record), p999!.of(record), p95!.of(measured)]).toEqual([4, 9, undefined]);
    expect([p95!.column?.name, p999!.column?.name]).toEqual(["latencyP95Ms", "latencyP999Ms"]);
    expect([p95!.label, p999!.label]).toEqual(["p95 latency", "p99.9 latency"]);
  });

  it("splits the CPU time of a request as ticks split the whole, so that both parts make it up again", () => {
    const [user, system] = ["userCpuMicrosPerRequest", "systemCpuMicrosPerRequest"].map((id) => figureOf(id).of);
    // Ticks saw a little less than what was used.
    const usage = { cpuSeconds: 3, userCpuSeconds: 0.7, systemCpuSeconds: 2.1, cpuMicrosPerRequest: 100 };
    const record = { ...trial({}), usage };
    expect(user!(record)).toBeCloseTo(25, 9);
    expect(system!(record)).toBeCloseTo(75, 9);
    expect(user!({ ...record, usage: { ...usage, cpuMicrosPerRequest: 200 } })).toBeCloseTo(50, 9);
  });

  it("knows no part of the CPU time that nobody told apart, and no throttled time that was not counted", () => {
    const { of } = figureOf("userCpuMicrosPerRequest");
    const usageOf = (usage: object) => of({ ...trial({}), usage: { cpuMicrosPerRequest: 100, ...usage } });
    expect(usageOf({})).toBeUndefined();
    expect(usageOf({ userCpuSeconds: 1 })).toBeUndefined();
    expect(usageOf({ userCpuSeconds: 0, systemCpuSeconds: 0 })).toBeUndefined();
    expect(usageOf({ userCpuSeconds: 0, systemCpuSeconds: 1 })).toBe(0);
    const throttled = figureOf("throttledSeconds");
    expect(throttled.of(trial({}))).toBeUndefined();
    expect(throttled.of({ ...trial({}), usage: { throttledSeconds: 0 } })).toBe(0);
  });

  it("counts for the shortest window of the scenario, and exports what was counted in the whole one", () => {
    const short = trial({ rate: 300 });
    const { column, of } = figureOf("completedRequests");
    const scenario = { ...short.scenario, windowSeconds: 5 };
    expect(of({ ...short, scenario })).toBe(1500);
    expect(column!.of!({ ...short, scenario })).toBe(3000);
  });

  it("lets models learn what rises with CPU, and what falls", () => {
    expect(learnable().map(({ id, learnable: { rises } }) => `${id} ${rises ? "rises" : "falls"}`)).toEqual([
      "requestsPerSecond rises",
      "completedRequests rises",
      "failedShare falls",
      "transferredBytes rises",
      "latencyMs.mean falls",
      "latencyMs.p50 falls",
      "latencyMs.p90 falls",
      "latencyMs.p95 falls",
      "latencyMs.p99 falls",
      "latencyMs.p999 falls",
      "cpuAchieved rises",
      "throttledShare falls",
      "memoryPeakBytes falls",
    ]);
  });
});

describe("figures of a trial at reference speed", () => {
  const measured = trial({ rate: 300 });
  const correction = { probeMicros: 10, logProbe: 0.1, slope: 1, slopeError: 0.1, requestsPerSecond: 300 };
  const corrected = { ...measured, result: { ...measured.result!, requestsPerSecond: 330 }, correction };
  const reading = { samples: 50, probeMicros: 11, logDeviation: 0.05, probeCpu: 0.02 };

  it("that follow the speed all change by what the rate does, what was counted does not", () => {
    expect(figureOf("completedRequests").of(corrected)).toBeCloseTo(3300, 6);
    expect(figureOf("transferredBytesPerSecond").of(corrected)).toBeCloseTo(66_000, 6);
    expect(figureOf("completedRequests").column!.of!(corrected)).toBe(3000);
    expect(figureOf("failedRequests").of({ ...corrected, result: { ...corrected.result, failedRequests: 7 } })).toBe(7);
  });

  it("have the probe's time beside them", () => {
    expect(figureOf("probeMicros").of({ ...measured, speed: reading })).toBe(11);
    expect(figureOf("probeMicros").of(measured)).toBeUndefined();
  });
});
