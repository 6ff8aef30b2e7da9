import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Training } from "../../../src/core/contract/index.ts";
import { median } from "../../../src/core/statistics/index.ts";
import twin from "../../../src/plugins/models/throttling-twin.ts";

/** A request costs 100 µs at 500/s and 60 µs at 2,000/s; nothing stops the runs. */
const free: Training = {
  factors: ["cpu", "servers", "requestsPerSecond"],
  x: [
    [0.95, 1, 500],
    [0.95, 1, 2000],
  ],
  y: [3, 4],
  figure: "latencyMs.p99",
  others: {
    "latencyMs.p50": [1, 1],
    "latencyMs.p90": [1.5, 1.6],
    "latencyMs.p999": [6, 9],
    cpuAchieved: [0.05, 0.12],
    throttledShare: [0, 0],
    cpuVariation: [0.05, 0.05],
  },
};
const state = twin.fit(free, 1);
const p99 = (cpu: number, rate = 500, of = state) => twin.predict(of, [[cpu, 1, rate]])[0]!;

/** The same with throttled runs, as far from what was expected of each as told. */
function taught(factor: number): Training {
  const limits = [0.03, 0.035, 0.04, 0.045];
  const column = (name: string, value: (cpu: number) => number) => [...free.others![name]!, ...limits.map(value)];
  return {
    ...free,
    x: [...free.x, ...limits.map((cpu) => [cpu, 1, 500])],
    y: [...free.y, ...limits.map((cpu) => factor * p99(cpu))],
    others: {
      "latencyMs.p50": column("latencyMs.p50", () => 5),
      "latencyMs.p90": column("latencyMs.p90", () => 20),
      "latencyMs.p999": column("latencyMs.p999", () => 200),
      cpuAchieved: column("cpuAchieved", (cpu) => cpu),
      throttledShare: column("throttledShare", () => 0.95),
      cpuVariation: column("cpuVariation", () => 0.01),
    },
  };
}

describe("the throttling twin", () => {
  it("expects what was measured without a limit where the limit is ample", () => {
    expect(p99(0.5)).toBeCloseTo(3, 1);
    expect(p99(0.5, 2000)).toBeCloseTo(4, 1);
    expect(p99(0.5, 1000)).toBeCloseTo(Math.sqrt(12), 1);
  });

  it("expects waits of a part of a period below the use, and ever longer ones where the rate is not served", () => {
    expect(p99(0.04)).toBeGreaterThan(15);
    expect(p99(0.04)).toBeLessThan(120);
    expect(p99(0.005)).toBeGreaterThan(1000);
  });

  it("never expects less latency under a lower limit", () => {
    const limit = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(limit, limit, fc.constantFrom(500, 1000, 2000), (one, other, rate) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(p99(low, rate)).toBeGreaterThanOrEqual(0.98 * p99(high, rate));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it("needs more CPU for more requests", () => {
    expect(p99(0.1, 2000)).toBeGreaterThan(3 * p99(0.1, 500));
  });

  it("learns from throttled runs how long this proxy makes requests wait", () => {
    const longer = twin.fit(taught(1.6), 1);
    expect(p99(0.038, 500, longer)).toBeGreaterThan(1.08 * p99(0.038));
    const same = twin.fit(taught(1), 1);
    expect(p99(0.038, 500, same) / p99(0.038)).toBeCloseTo(1, 0);
  });

  it("is the surer the more throttled runs it has seen", () => {
    const width = (of: unknown) => {
      const [outcomes = []] = twin.outcomes!(of, [[0.038, 1, 500]]);
      const sorted = outcomes.toSorted((a, b) => a - b);
      return sorted[Math.floor(0.95 * sorted.length)]! / sorted[Math.floor(0.05 * sorted.length)]!;
    };
    expect(width(twin.fit(taught(1), 1))).toBeLessThan(0.95 * width(state));
  });

  it("tells outcomes about what it expects", () => {
    const [outcomes = []] = twin.outcomes!(state, [[0.2, 1, 500]]);
    expect(median(outcomes)).toBeCloseTo(p99(0.2), 0);
  });

  it("tells other percentiles, in their order", () => {
    const at = (figure: string, y: readonly number[]) => {
      const others = { ...free.others, "latencyMs.p99": free.y };
      return twin.predict(twin.fit({ ...free, figure, y, others }, 1), [[0.045, 1, 500]])[0]!;
    };
    const [p50, p90, p999] = [
      at("latencyMs.p50", [1, 1]),
      at("latencyMs.p90", [1.5, 1.6]),
      at("latencyMs.p999", [6, 9]),
    ];
    expect(p50).toBeLessThan(p90);
    expect(p90).toBeLessThan(p99(0.045));
    expect(p99(0.045)).toBeLessThan(p999);
  });

  it.each([
    ["a figure that is no latency", { ...free, figure: "requestsPerSecond" }],
    ["rows without a rate", { ...free, factors: ["cpu", "servers", "concurrency"] }],
    ["rows without the use of CPU", { ...free, others: {} }],
    ["runs that were all throttled", { ...free, others: { ...free.others, throttledShare: [0.5, 0.9] } }],
  ])("refuses %s", (_, training) => {
    expect(() => twin.fit(training, 1)).toThrow(/throttling twin/);
  });
});
