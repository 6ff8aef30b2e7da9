import { describe, expect, it } from "vitest";
import { type Evidence, judge, judgeFailure } from "../../../../src/core/measure/samples/verdict.ts";

const evidence: Evidence = {
  usableCpu: 0.3,
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

  it("is contradicted, and nothing that the load tool says is believed, when that is not what the lab saw", () => {
    const contradictions = [{ code: "count", evidence: "twice as many" } as const];
    expect(bound({ contradictions, oomKills: 1 })).toBe("contradicted");
    expect(judge({ ...evidence, contradictions }).evidence).toMatch(/^twice as many, proxy used/);
    expect(bound({ contradictions: [] })).toBe("proxy-bound");
  });

  it("is memory-bound when an idle proxy keeps reaching its memory limit", () => {
    expect(bound({ cpuAchieved: 0.1, memoryLimitHits: 900 })).toBe("memory-bound");
    expect(bound({ memoryLimitHits: 900 })).toBe("proxy-bound");
  });

  it("of a load without any completed request names memory and ports, and else nothing", () => {
    const killed = { code: "LAB_MEMORY", message: "killed" };
    const nothing = { code: "LAB_LOAD", message: "no request completed" };
    expect(judgeFailure(killed, {})?.bound).toBe("memory-bound");
    expect(judgeFailure(nothing, { timeWaitSockets: 480, localPorts: 500 })?.bound).toBe("port-bound");
    expect(judgeFailure(nothing, { timeWaitSockets: 80, localPorts: 500 })).toBeUndefined();
    expect(judgeFailure(nothing, {})).toBeUndefined();
  });

  it("is client-bound when the load tool fills a core", () =>
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.97 })).toBe("client-bound"));

  it("names the larger of load tool and origins when they fill the core they share", () => {
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.6, originCpu: 0.38 })).toBe("client-bound");
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.3, originCpu: 0.68 })).toBe("origin-bound");
    expect(bound({ cpuAchieved: 0.2, loadToolCpu: 0.5, originCpu: 0.3, otherCpu: 0.15 })).toBe("client-bound");
  });

  it("is not proxy-bound at more than half of the rate without a proxy unless the quota or idle cores show it", () => {
    const fast = { requestsPerSecond: 30_000, throttledShare: 0.1 };
    expect(bound({ ...fast, loadToolCpu: 0.6, originCpu: 0.38 })).toBe("client-bound");
    expect(bound(fast)).toBe("proxy-bound");
    expect(bound({ ...fast, loadToolCpu: 0.6, originCpu: 0.38, throttledShare: 0.99 })).toBe("proxy-bound");
  });

  it("is client-bound when nothing lacks CPU and all connections wait, as Little's law tells", () => {
    expect(bound({ cpuAchieved: 0.1, littleRatio: 0.99 })).toBe("client-bound");
    expect(bound({ cpuAchieved: 0.1, littleRatio: 0.8 })).toBe("unclear");
    expect(bound({ cpuAchieved: 0.1, littleRatio: 0.99, stealCpu: 0.5 })).toBe("unclear");
  });

  it("is port-bound when sockets that wait to be free hold the ports", () => {
    expect(bound({ cpuAchieved: 0.1, timeWaitSockets: 950, localPorts: 1000 })).toBe("port-bound");
    expect(bound({ cpuAchieved: 0.1, timeWaitSockets: 600, localPorts: 1000, connectFailures: 7 })).toBe("port-bound");
    expect(bound({ cpuAchieved: 0.26, timeWaitSockets: 600, localPorts: 1000 })).toBe("unclear");
  });

  it("is rate-bound when an open loop got the rate it asked for with CPU to spare", () => {
    expect(bound({ cpuAchieved: 0.2, offeredRequestsPerSecond: 8_010 })).toBe("rate-bound");
    expect(bound({ offeredRequestsPerSecond: 8_010 })).toBe("proxy-bound");
    expect(bound({ cpuAchieved: 0.2, offeredRequestsPerSecond: 9_000 })).toBe("unclear");
  });

  it("is not proxy-bound at the rate that is reached without a proxy", () =>
    expect(bound({ cpuAchieved: 0.2, requestsPerSecond: 49_000 })).toBe("origin-bound"));

  it("is unclear where others used the machine", () => {
    expect(bound({ cpuAchieved: 0.2, otherCpu: 1.4 })).toBe("unclear");
    expect(bound({ cpuAchieved: 0.2, stealCpu: 0.3 })).toBe("unclear");
  });

  it("is unclear where nothing explains the rate", () => expect(bound({ cpuAchieved: 0.26 })).toBe("unclear"));

  it("is unclear, not a guess, where the host counts nothing", () =>
    expect(judge({ usableCpu: 0.3, requestsPerSecond: 100 })).toEqual({ bound: "unclear", evidence: "" }));

  it("shows the figures in one line", () => {
    expect(judge(evidence).evidence).toBe(
      "proxy used 0.299 of 0.3 cpu, throttled in 99 % of periods, load tool 0.20 cpu, origins 0.30 cpu, 16 % of the rate without a proxy",
    );
  });
});

describe("the verdict of an open loop", () => {
  const sending = { due: 10_000, waited: 0, latenessMs: { p50: 0.5, p99: 1.2, max: 3 } };
  const open: Partial<Evidence> = {
    cpuAchieved: 0.1,
    throttledShare: 0,
    offeredRequestsPerSecond: 1000,
    requestsPerSecond: 999,
    concurrency: 32,
    p99Ms: 5,
    sending,
  };

  it("is rate-bound where the plan was kept", () => expect(bound(open)).toBe("rate-bound"));

  it("tells of bursts where the quota stopped a proxy that used little of it on average", () => {
    const bursts = { ...evidence, ...open, cpuAchieved: 0.1, throttledShare: 0.2 };
    expect(judge(bursts)).toMatchObject({ bound: "rate-bound", evidence: expect.stringMatching(/bursts/) });
    expect(judge({ ...bursts, throttledShare: 0.01 }).evidence).not.toMatch(/bursts/);
    expect(judge({ ...bursts, cpuAchieved: 0.28 }).evidence).not.toMatch(/bursts/);
  });

  it("is send-bound where the tool was late by more than its latencies can bear, though it reached its rate", () => {
    const late = { ...sending, latenessMs: { ...sending.latenessMs, p99: 8 } };
    expect(bound({ ...open, sending: late })).toBe("send-bound");
    expect(bound({ ...open, sending: late, p99Ms: 80 })).toBe("rate-bound");
  });

  it("is connection-bound where requests waited for a connection, and says how many would do", () => {
    const waiting = { ...open, sending: { ...sending, waited: 4000 }, requestsPerSecond: 600 };
    expect(bound(waiting)).toBe("connection-bound");
    expect(judge({ ...evidence, ...waiting }).evidence).toMatch(/80 connections/);
  });

  it("is client-bound where connections stayed busy since the load tool had no CPU to take replies with", () => {
    const waiting = { ...open, sending: { ...sending, waited: 4000 }, requestsPerSecond: 600 };
    expect(bound({ ...waiting, loadToolCpu: 0.8, originCpu: 0.15 })).toBe("client-bound");
  });

  it("is not connection-bound where the quota kept the connections busy", () => {
    const waiting = { ...open, sending: { ...sending, waited: 4000 } };
    expect(bound({ ...waiting, throttledShare: 0.5 })).toBe("rate-bound");
    expect(bound({ ...waiting, requestsPerSecond: 600, cpuAchieved: 0.299, throttledShare: 0.99 })).toBe("proxy-bound");
  });
});
