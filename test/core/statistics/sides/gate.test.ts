import { describe, expect, it } from "vitest";
import { figureOf } from "../../../../src/core/domain/figures.ts";
import type { Comparison } from "../../../../src/core/statistics/sides/compare.ts";
import { gateOf } from "../../../../src/core/statistics/sides/gate.ts";

const [rate, latency, neither] = ["requestsPerSecond", "latencyMs.p99", "loadToolCpu"].map((name) => figureOf(name));

function found(low: number, estimate: number, high: number, changes: Partial<Comparison> = {}): Comparison {
  const same = { differ: [] };
  const ratio = { low, estimate, high, confidence: 0.95 };
  return {
    pairings: [],
    pairs: 8,
    ratio,
    verdict: "lower",
    matters: 0.05,
    apart: false,
    machines: same,
    versions: same,
    options: same,
    protocols: same,
    ...changes,
  };
}

describe("a gate", () => {
  const judge = (comparison: Comparison, figure = rate!) => gateOf(comparison, figure, { maxRegress: 0.05 });

  it("stops what is shown to be worse by more than allowed", () => {
    expect(judge(found(0.88, 0.9, 0.92))).toBe("regressed");
    expect(judge(found(1.05, 1.1, 1.2), latency)).toBe("regressed");
  });

  it("lets pass what is better, the same, or worse by no more than allowed", () => {
    expect(judge(found(1.05, 1.1, 1.2))).toBe("passed");
    expect(judge(found(0.97, 1, 1.03))).toBe("passed");
    expect(judge(found(0.97, 1.06, 1.2))).toBe("passed");
    expect(judge(found(0.95, 0.97, 0.99))).toBe("passed");
    expect(judge(found(0.88, 0.9, 0.92), latency)).toBe("passed");
  });

  it("cannot tell where the interval holds both no difference and more than allowed, or there is none", () => {
    expect(judge(found(0.9, 0.97, 1.04))).toBe("unstable");
    expect(judge(found(0.9, 0.97, 1.2), latency)).toBe("unstable");
    const { ratio: _, ...none } = found(1, 1, 1);
    expect(judge({ ...none, verdict: "too few" })).toBe("unstable");
  });

  it("does not judge what is neither good nor bad", () => {
    expect(judge(found(0.5, 0.6, 0.7), neither)).toBe("passed");
  });

  it("judges sides of other machines only when asked to", () => {
    const machines = { differ: [{ what: "cores", first: ["2"], second: ["4"] }] };
    const worse = found(0.5, 0.6, 0.7, { machines });
    expect(judge(worse)).toBe("other machines");
    expect(gateOf(worse, rate!, { maxRegress: 0.05, acrossMachines: true })).toBe("regressed");
  });

  it("does not mind other versions: they are what is compared", () => {
    const versions = { differ: [{ what: "haproxy", first: ["2.8"], second: ["3.0"] }] };
    expect(judge(found(0.5, 0.6, 0.7, { versions }))).toBe("regressed");
  });
});
