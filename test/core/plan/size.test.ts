import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { ServiceGoal, SweepSpec } from "../../../src/core/domain/spec.ts";
import type { Bound } from "../../../src/core/domain/verdicts.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { outcomeOf, sizeOf, sizeQueue } from "../../../src/core/plan/size.ts";
import { trialRecord } from "../../fixtures/records.ts";

const goal: ServiceGoal = { p99Ms: 20 };
const spec: SweepSpec = { ...gridSpec, proxies: ["haproxy"], cpu: [0.02, 1], seed: 1, plan: "size", goal };

interface Proxy {
  /** Limit from which on it keeps the goal, and the CPU that it uses where nothing stops it, in cores. */
  readonly needed: number;
  readonly use: number;
  /** What stands in its way. */
  readonly bound?: Bound;
  /** p99 where nothing stops it. */
  readonly floorMs?: number;
}

function trialOf({ needed, use, bound, floorMs = 2 }: Proxy, cpu: number, changes: Partial<TrialRecord> = {}) {
  const enough = cpu >= needed;
  const base = trialRecord();
  const rate = cpu >= 0.9 * use ? 1000 : (1000 * cpu) / use;
  return trialRecord({
    point: { ...base.point, cpu },
    result: {
      ...base.result!,
      requestsPerSecond: rate,
      offeredRequestsPerSecond: 1000,
      failedRequests: 0,
      latencyMs: { p50: 1, p99: enough ? floorMs : 20 * (needed / cpu) + 1 },
    },
    usage: { cpuAchieved: Math.min(cpu, use), throttledShare: enough ? 0 : 0.5 },
    verdict: { bound: bound ?? (rate < 990 ? "proxy-bound" : "rate-bound"), evidence: "" },
    ...changes,
  });
}

function search(proxy: Proxy, each = (record: TrialRecord) => record): TrialRecord[] {
  const queue = sizeQueue(spec);
  const records: TrialRecord[] = [];
  for (let trial = queue.next(records); trial; trial = queue.next(records)) {
    expect(trial.sequence).toBe(records.length);
    records.push(each(trialOf(proxy, trial.point.cpu, { sequence: trial.sequence, replicate: trial.replicate })));
  }
  return records;
}

describe("the search for the least CPU that keeps a goal", () => {
  it("ends within 15 % of it, in a dozen trials at most, wherever it is", () => {
    const uses = fc.double({ min: 0.02, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(uses, fc.double({ min: 0.92, max: 5, noNaN: true }), (use, share) => {
        const needed = Math.max(0.021, Math.min(0.95, use * share));
        const records = search({ needed, use });
        const { holdsCpu } = sizeOf(records, goal);
        expect(holdsCpu).toBeGreaterThanOrEqual(needed);
        expect(holdsCpu! / needed).toBeLessThan(1.2);
        expect(records.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it("begins where nothing stops the proxy, and tries the limit that held once more", () => {
    const records = search({ needed: 0.15, use: 0.08 });
    const { holdsCpu } = sizeOf(records, goal);
    expect(records[0]!.point.cpu).toBe(1);
    expect(records.filter(({ point }) => point.cpu === holdsCpu)).toHaveLength(2);
  });

  it("believes no limit that held only once, and none below one that failed", () => {
    let first = true;
    const records = search({ needed: 0.15, use: 0.08 }, (record) => {
      const { cpu } = record.point;
      if (!first || cpu < 0.14 || cpu >= 0.15) return record;
      first = false; // by chance
      return trialOf({ needed: 0.1, use: 0.08 }, cpu);
    });
    const { holdsCpu, failsCpu } = sizeOf(records, goal);
    expect(holdsCpu).toBeGreaterThanOrEqual(0.15);
    expect(failsCpu).toBeLessThan(0.15);
  });

  it("ends after one trial where the goal is missed though nothing stops the proxy", () => {
    const records = search({ needed: 0.1, use: 0.08, floorMs: 30 });
    expect(records).toHaveLength(1);
    expect(sizeOf(records, goal)).not.toHaveProperty("holdsCpu");
  });

  it("ends after one trial where load tool and origins alone miss the goal, though it was kept", () => {
    const records = search({ needed: 0.1, use: 0.08 }, (record) => ({ ...record, directLatencyMs: { p99: 25 } }));
    expect(records).toHaveLength(1);
    expect(sizeOf(records, goal)).not.toHaveProperty("holdsCpu");
  });

  it("tries again what says nothing of the proxy, and gives up the second time", () => {
    const blocked = search({ needed: 5, use: 0.08, bound: "send-bound" });
    expect(blocked).toHaveLength(2);
    expect(sizeOf(blocked, goal).blocked).toBe(blocked[1]);
    let once = 0;
    const records = search({ needed: 0.15, use: 0.08 }, (record) =>
      once++ === 1 ? { ...record, status: "failed", error: { code: "LAB_LOAD", message: "" } } : record,
    );
    expect(records[2]!.point.cpu).toBe(records[1]!.point.cpu);
    expect(sizeOf(records, goal).holdsCpu).toBeGreaterThanOrEqual(0.15);
  });

  it("goes on from the records of an interrupted search, and counts down", () => {
    const records = search({ needed: 0.15, use: 0.08 });
    for (let count = 0; count < records.length; count++) {
      const queue = sizeQueue(spec, records.slice(0, count));
      expect(queue.remaining().trials).toBeGreaterThanOrEqual(1);
      expect(queue.next(records.slice(0, count))?.point.cpu).toBe(records[count]!.point.cpu);
    }
    const queue = sizeQueue(spec, records);
    expect(queue.next(records)).toBeUndefined();
    expect(queue.remaining().trials).toBe(0);
  });
});

describe("what a trial says of a goal", () => {
  const held = trialOf({ needed: 0.1, use: 0.05 }, 0.2);
  const result = held.result!;

  it("is that it held where rate, latency and failures are as wanted", () => {
    expect(outcomeOf(held, goal)).toBe("held");
    expect(outcomeOf(held, { p99Ms: 1 })).toBe("failed");
    expect(outcomeOf({ ...held, result: { ...result, failedRequests: 900 } }, goal)).toBe("failed");
    expect(outcomeOf({ ...held, result: { ...result, failedRequests: 900 } }, { ...goal, failedShare: 0.5 })).toBe(
      "held",
    );
    expect(outcomeOf({ ...held, result: { ...result, latencyMs: {} } }, goal)).toBe("failed");
  });

  it("is nothing where something else was in the way, and it was not kept all the same", () => {
    const verdict = { bound: "connection-bound", evidence: "" } as const;
    expect(outcomeOf({ ...held, verdict }, goal)).toBe("held");
    expect(outcomeOf({ ...held, verdict }, { p99Ms: 1 })).toBe("blocked");
    expect(outcomeOf({ ...held, contradictions: [{ code: "count", evidence: "" }] }, { p99Ms: 1 })).toBe("blocked");
    expect(outcomeOf(trialRecord({ status: "failed" }), goal)).toBe("blocked");
    expect(outcomeOf(trialRecord({ status: "failed", verdict: { bound: "memory-bound", evidence: "" } }), goal)).toBe(
      "failed",
    );
  });
});
