import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import type { ServiceGoal, SweepSpec } from "../../../src/core/domain/spec.ts";
import type { Bound } from "../../../src/core/domain/verdicts.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { foundOf, outcomeOf, searchQueue } from "../../../src/core/plan/search.ts";
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
  const queue = searchQueue(spec);
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
        const { holds } = foundOf(records, spec);
        expect(holds).toBeGreaterThanOrEqual(needed);
        expect(holds! / needed).toBeLessThan(1.2);
        expect(records.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it("begins where nothing stops the proxy, and tries the limit that held once more", () => {
    const records = search({ needed: 0.15, use: 0.08 });
    const { holds } = foundOf(records, spec);
    expect(records[0]!.point.cpu).toBe(1);
    expect(records.filter(({ point }) => point.cpu === holds)).toHaveLength(2);
  });

  it("believes no limit that held only once, and none below one that failed", () => {
    let first = true;
    const records = search({ needed: 0.15, use: 0.08 }, (record) => {
      const { cpu } = record.point;
      if (!first || cpu < 0.14 || cpu >= 0.15) return record;
      first = false; // by chance
      return trialOf({ needed: 0.1, use: 0.08 }, cpu);
    });
    const { holds, fails } = foundOf(records, spec);
    expect(holds).toBeGreaterThanOrEqual(0.15);
    expect(fails).toBeLessThan(0.15);
  });

  it("ends where the goal is missed twice though nothing stops the proxy", () => {
    const records = search({ needed: 0.1, use: 0.08, floorMs: 30 });
    expect(records).toHaveLength(2);
    expect(foundOf(records, spec)).not.toHaveProperty("holds");
  });

  it("tries a limit again that failed though the quota stopped nothing, since a moment's disturbance does that", () => {
    const seen = new Set<number>();
    let disturbed = 0;
    const records = search({ needed: 0.15, use: 0.08 }, (record) => {
      const { cpu } = record.point;
      if (cpu < 0.15 || seen.has(cpu) || disturbed > 1) return record;
      seen.add(cpu);
      disturbed++;
      return trialOf({ needed: 0.15, use: 0.08, floorMs: 90 }, cpu);
    });
    expect(disturbed).toBe(2);
    const { holds, fails } = foundOf(records, spec);
    expect(holds).toBeLessThan(0.18);
    expect(fails).toBeLessThan(0.15);
  });

  it("ends after one trial where load tool and origins alone miss the goal, though it was kept", () => {
    const records = search({ needed: 0.1, use: 0.08 }, (record) => ({ ...record, directLatencyMs: { p99: 25 } }));
    expect(records).toHaveLength(1);
    expect(foundOf(records, spec)).not.toHaveProperty("holds");
  });

  it("tries again what says nothing of the proxy, and gives up the second time", () => {
    const blocked = search({ needed: 5, use: 0.08, bound: "send-bound" });
    expect(blocked).toHaveLength(2);
    expect(foundOf(blocked, spec).blocked).toBe(blocked[1]);
    let once = 0;
    const records = search({ needed: 0.15, use: 0.08 }, (record) =>
      once++ === 1 ? { ...record, status: "failed", error: { code: "LAB_LOAD", message: "" } } : record,
    );
    expect(records[2]!.point.cpu).toBe(records[1]!.point.cpu);
    expect(foundOf(records, spec).holds).toBeGreaterThanOrEqual(0.15);
  });

  it("goes on from the records of an interrupted search, and counts down", () => {
    const records = search({ needed: 0.15, use: 0.08 });
    for (let count = 0; count < records.length; count++) {
      const queue = searchQueue(spec, records.slice(0, count));
      expect(queue.remaining().trials).toBeGreaterThanOrEqual(1);
      expect(queue.next(records.slice(0, count))?.point.cpu).toBe(records[count]!.point.cpu);
    }
    const queue = searchQueue(spec, records);
    expect(queue.next(records)).toBeUndefined();
    expect(queue.remaining().trials).toBe(0);
  });
});

const rateGoal: ServiceGoal = { p99Ms: 20 };
const capacitySpec: SweepSpec = {
  ...gridSpec,
  proxies: ["haproxy"],
  cpu: [0.2],
  requestsPerSecond: [50, 50_000],
  seed: 1,
  plan: "capacity",
  goal: rateGoal,
};

interface Served {
  /** Rate up to which the goal is kept, and the one that is served when more is offered, in requests/s. */
  readonly kept: number;
  readonly most: number;
  /** Rate from which on the load tool alone misses the goal, and the one that it reaches. */
  readonly shown?: number;
}

function rateTrial({ kept, most, shown = Number.POSITIVE_INFINITY }: Served, offered: number): TrialRecord {
  const base = trialRecord();
  const served = Math.min(offered, most, shown);
  const p99 = served < 0.99 * offered ? 900 : Math.max(2, 20 * (offered / kept) ** 3);
  const bound = served >= 0.99 * offered ? "rate-bound" : most <= shown ? "proxy-bound" : "client-bound";
  return trialRecord({
    point: { ...base.point, cpu: 0.2, requestsPerSecond: offered },
    result: {
      ...base.result!,
      loop: "open",
      requestsPerSecond: served,
      offeredRequestsPerSecond: offered,
      failedRequests: 0,
      latencyMs: { p50: 1, p99 },
    },
    usage: { cpuAchieved: Math.min(0.2, (0.2 * served) / most), throttledShare: p99 > 5 ? 0.5 : 0 },
    verdict: { bound, evidence: "" },
    directLatencyMs: { p99: offered >= shown ? 500 : 1 },
  });
}

function searchRates(served: Served, wanted = capacitySpec, each = (record: TrialRecord) => record): TrialRecord[] {
  const queue = searchQueue(wanted);
  const records: TrialRecord[] = [];
  for (let trial = queue.next(records); trial; trial = queue.next(records)) {
    const { sequence, replicate, point } = trial;
    expect(point.cpu).toBe(0.2);
    records.push(each({ ...rateTrial(served, point.requestsPerSecond!), sequence, replicate }));
  }
  return records;
}

describe("the search for the highest rate that keeps a goal", () => {
  it("ends with the capacity between a rate that held and one that did not, in a dozen trials, wherever it is", () => {
    const capacities = fc.double({ min: Math.log(55), max: Math.log(45_000), noNaN: true });
    fc.assert(
      fc.property(capacities, fc.double({ min: 0.1, max: 1, noNaN: true }), (logMost, share) => {
        const most = Math.exp(logMost);
        const kept = Math.max(51, share * most);
        const records = searchRates({ kept, most });
        const { holds } = foundOf(records, capacitySpec);
        expect(records.length).toBeLessThanOrEqual(12);
        expect(holds).toBeLessThanOrEqual(Math.min(kept, most / 0.99) + 1e-9);
        expect(Math.min(kept, most) / holds!).toBeLessThan(1.2);
      }),
    );
  });

  it("usually takes seven trials or fewer", () => {
    const counts = [0.3, 0.5, 0.7, 0.9].map((share) => searchRates({ kept: 3500 * share, most: 3500 }).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(7);
  });

  it("begins above what the CPU limit can serve, and never offers more than was served then", () => {
    const [first, ...others] = searchRates({ kept: 2000, most: 3500 }).map(({ point }) => point.requestsPerSecond!);
    expect(first).toBe(10_000);
    expect(Math.max(...others)).toBeLessThanOrEqual(1.05 * 3500);
  });

  it("goes on above the first rate where that held", () => {
    const { holds, fails } = foundOf(searchRates({ kept: 22_000, most: 40_000 }), capacitySpec);
    expect(holds).toBeGreaterThan(18_000);
    expect(fails).toBeGreaterThan(22_000);
  });

  it("ends at the lowest rate where the goal is missed there too", () => {
    const records = searchRates({ kept: 10, most: 3500 });
    expect(records.at(-1)!.point.requestsPerSecond).toBe(50);
    expect(records).toHaveLength(5);
    expect(foundOf(records, capacitySpec)).toMatchObject({ fails: 50, failure: records.at(-1) });
    expect(foundOf(records, capacitySpec)).not.toHaveProperty("holds");
  });

  it("goes on below rates at which the load tool is in the way, and keeps the lowest of them", () => {
    const { holds, fails, blocked } = foundOf(searchRates({ kept: 8000, most: 9000, shown: 3000 }), capacitySpec);
    expect(holds).toBeGreaterThan(2500);
    expect(holds).toBeLessThan(3000);
    expect(blocked!.point.requestsPerSecond).toBeLessThan(1.2 * holds!);
    expect(fails).toBeUndefined();
  });

  it("tries a rate again where a trial failed for other reasons, and goes on from there", () => {
    let failed = false;
    const records = searchRates({ kept: 2000, most: 3500 }, capacitySpec, (record) => {
      if (failed || record.point.requestsPerSecond === 10_000) return record;
      failed = true;
      const { result: _, verdict: __, ...rest } = record;
      return { ...rest, status: "failed", error: { code: "LAB_LOAD", message: "" } };
    });
    expect(records[2]!.point).toEqual(records[1]!.point);
    expect(foundOf(records, capacitySpec).holds! / 2000).toBeCloseTo(1, 0);
  });

  it("goes on from the records of an interrupted search, and counts down", () => {
    const records = searchRates({ kept: 2000, most: 3500 });
    for (let count = 0; count < records.length; count++) {
      const queue = searchQueue(capacitySpec, records.slice(0, count));
      expect(queue.remaining().trials).toBeGreaterThanOrEqual(1);
      expect(queue.next(records.slice(0, count))?.point).toEqual(records[count]!.point);
    }
    expect(searchQueue(capacitySpec, records).remaining().trials).toBe(0);
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

  it("is nothing where load tool and origins alone miss the goal, unless the proxy used up its CPU", () => {
    const slow = { ...held, directLatencyMs: { p99: 25 } };
    expect(outcomeOf(slow, goal)).toBe("blocked");
    const late: TrialRecord = { ...slow, result: { ...result, latencyMs: { p99: 30 } } };
    expect(outcomeOf(late, goal)).toBe("blocked");
    expect(outcomeOf({ ...late, directLatencyMs: { p99: 2 } }, goal)).toBe("failed");
    expect(outcomeOf({ ...late, verdict: { bound: "proxy-bound", evidence: "" } }, goal)).toBe("failed");
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
