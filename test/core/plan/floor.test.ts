import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../src/core/domain/record.ts";
import { gridSpec } from "../../../src/core/experiment/defaults.ts";
import { floorOf, floorQueue } from "../../../src/core/plan/floor.ts";
import { trialRecord } from "../../fixtures/records.ts";

const MiB = 2 ** 20;
const spec = { ...gridSpec, proxies: ["squid"], cpu: [0.5], seed: 1, plan: "floor" as const };

/** Searches with a proxy that needs `needed` bytes and uses `peak` without a limit. */
function search(needed: number, peak: number): TrialRecord[] {
  const queue = floorQueue(spec);
  const records: TrialRecord[] = [];
  for (let trial = queue.next(records); trial; trial = queue.next(records)) {
    const enough = (trial.point.memoryBytes ?? Number.POSITIVE_INFINITY) >= needed;
    const base = trialRecord({ ...trial, point: trial.point });
    const usage = { ...base.usage, memoryPeakBytes: Math.min(peak, trial.point.memoryBytes ?? peak) };
    records.push(
      enough ? { ...base, usage } : { ...base, status: "failed", error: { code: "LAB_MEMORY", message: "killed" } },
    );
  }
  return records;
}

describe("the search for the least memory", () => {
  it("ends within a tenth of it, wherever it is", () => {
    const needs = fc.integer({ min: 3 * MiB, max: 2000 * MiB });
    fc.assert(
      fc.property(needs, fc.double({ min: 0.5, max: 4, noNaN: true }), (needed, share) => {
        const records = search(needed, Math.round(needed * share));
        const { holdsBytes, failsBytes } = floorOf(records);
        expect(holdsBytes).toBeGreaterThanOrEqual(needed);
        expect(holdsBytes! / needed).toBeLessThan(1.11);
        if (failsBytes !== undefined) expect(failsBytes).toBeLessThan(needed);
        expect(records.length).toBeLessThanOrEqual(24);
      }),
    );
  });

  it("tries the limit that held once more before it is believed", () => {
    const records = search(30 * MiB, 60 * MiB);
    const { holdsBytes } = floorOf(records);
    expect(records.filter(({ point }) => point.memoryBytes === holdsBytes)).toHaveLength(2);
  });

  it("goes on from the records of an interrupted search", () => {
    const records = search(30 * MiB, 60 * MiB);
    for (let count = 0; count < records.length; count++) {
      const next = floorQueue(spec).next(records.slice(0, count));
      expect(next?.point.memoryBytes).toBe(records[count]!.point.memoryBytes);
    }
  });

  it("tells how many trials are left, also where a large limit was too small and none has held", () => {
    const records = search(1000 * MiB, 200 * MiB);
    const queues = records.map((_, count) => floorQueue(spec, records.slice(0, count)));
    for (const queue of queues) expect(queue.remaining().trials).toBeGreaterThanOrEqual(1);
    const last = queues.at(-1)!;
    last.next(records.slice(0, -1));
    expect(last.remaining().trials).toBe(0);
  });

  it("does not call it held when requests fail or come much slower", () => {
    const reference = trialRecord();
    const limited = (changes: object) => {
      const base = trialRecord({ point: { memoryBytes: 64 * MiB } });
      return floorOf([reference, { ...base, result: { ...base.result!, ...changes } }]).holdsBytes;
    };
    expect(limited({})).toBe(64 * MiB);
    expect(limited({ failedRequests: 9_000 })).toBeUndefined();
    expect(limited({ requestsPerSecond: 4_000 })).toBeUndefined();
  });

  it("does not blame the limit for a slow run that never reached it", () => {
    const base = trialRecord({ point: { memoryBytes: 64 * MiB } });
    const slow = { ...base, result: { ...base.result!, requestsPerSecond: 4_000 } };
    const never = { ...slow, usage: { ...base.usage, memoryLimitHits: 0 } };
    const often = { ...slow, usage: { ...base.usage, memoryLimitHits: 50 } };
    expect(floorOf([trialRecord(), never]).holdsBytes).toBe(64 * MiB);
    expect(floorOf([trialRecord(), often]).holdsBytes).toBeUndefined();
  });

  it("stops where the proxy does not even work without a limit", () => {
    const failed = { ...trialRecord(), status: "failed" as const };
    expect(floorQueue(spec).next([failed])).toBeUndefined();
    expect(floorOf([failed]).holdsBytes).toBeUndefined();
  });
});
