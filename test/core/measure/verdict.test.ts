import { describe, expect, it } from "vitest";
import { type Evidence, judge } from "../../../src/core/measure/verdict.ts";

const evidence: Evidence = {
  cpuLimit: 0.3,
  cpuAchieved: 0.299,
  throttledShare: 0.99,
  oomKills: 0,
  loadToolCpu: 0.2,
  originCpu: 0.3,
  requestsPerSecond: 8_000,
  directRequestsPerSecond: 50_000,
  restCores: 1,
};
const bound = (changes: Partial<Evidence>) => judge({ ...evidence, ...changes }).bound;

describe("a verdict", () => {
  it("is proxy-bound when the proxy used all the CPU it was given", () => expect(bound({})).toBe("proxy-bound"));

  it("is memory-bound when the kernel killed for memory, whatever else", () =>
    expect(bound({ oomKills: 1 })).toBe("memory-bound"));

  it("is client-bound when the load tool fills a core", () =>
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.97 })).toBe("client-bound"));

  it("names the larger of load tool and origins when they fill the core they share", () => {
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.6, originCpu: 0.38 })).toBe("client-bound");
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.3, originCpu: 0.68 })).toBe("origin-bound");
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.5, originCpu: 0.3, otherCpu: 0.15 })).toBe("client-bound");
  });

  it("is not proxy-bound at the rate that is reached without a proxy", () =>
    expect(bound({ cpuAchieved: 0.2, requestsPerSecond: 49_000 })).toBe("origin-bound"));

  it("is unclear where nothing explains the rate", () => expect(bound({ cpuAchieved: 0.2 })).toBe("unclear"));

  it("is unclear, not a guess, where the host counts nothing", () =>
    expect(judge({ cpuLimit: 0.3, requestsPerSecond: 100 })).toEqual({ bound: "unclear", evidence: "" }));

  it("shows the figures in one line", () => {
    expect(judge(evidence).evidence).toBe(
      "proxy used 0.299 of 0.3 cpu, throttled in 99 % of periods, load tool 0.20 cpu, origins 0.30 cpu, 16 % of the rate without a proxy",
    );
  });
});
