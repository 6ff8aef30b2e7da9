import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../src/core/domain/record.ts";
import { failuresOf } from "../../../../src/core/statistics/trials/failures.ts";
import { markOf, summaryOf } from "../../../../src/core/statistics/trials/summary.ts";
import { trialRecord } from "../../../fixtures/records.ts";

const plain = trialRecord().result!;

function trial(sequence: number, cpu: number, requestsPerSecond: number, failedRequests = 0) {
  return trialRecord({
    sequence,
    point: { cpu },
    startedAt: `2026-11-22T12:00:${String(sequence).padStart(2, "0")}.000Z`,
    result: { ...plain, requestsPerSecond, failedRequests, failures: { timeout: failedRequests } },
  });
}

describe("the summary of a sweep", () => {
  it("gives each configuration an interval from what runs of all configurations differ by", () => {
    const records = [trial(0, 0.1, 1_000), trial(1, 0.2, 2_000), trial(2, 0.1, 1_040), trial(3, 0.1, 1_020)];
    const [low, high, ...others] = summaryOf(records);
    expect(others).toEqual([]);
    expect(low).toMatchObject({ point: { cpu: 0.1 }, runs: 3, requestsPerSecond: { confidence: 0.95 } });
    expect(low!.requestsPerSecond!.estimate).toBeCloseTo(1_019.9, 0);
    expect(high).toMatchObject({ point: { cpu: 0.2 }, runs: 1 });
    const relative = ({ low, high }: { low: number; high: number }) => high / low;
    expect(relative(high!.requestsPerSecond!)).toBeGreaterThan(relative(low!.requestsPerSecond!));
  });

  it("gives no interval where nothing was repeated", () => {
    const [only] = summaryOf([trial(0, 0.1, 1_000)]);
    expect(only).not.toHaveProperty("requestsPerSecond");
    expect(only!.failedShare).toMatchObject({ estimate: 0, low: 0 });
  });

  it("leaves out what did not complete", () => {
    const { result: _, ...failed } = trial(0, 0.1, 1_000);
    expect(summaryOf([{ ...failed, status: "failed" }])).toEqual([]);
  });

  it("marks runs of one configuration that lie more than a tenth apart, in order of time", () => {
    expect(markOf([trial(1, 0.1, 1_150), trial(0, 0.1, 1_000)])).toEqual({
      point: expect.objectContaining({ cpu: 0.1 }),
      requestsPerSecond: [1_000, 1_150],
      range: expect.closeTo(0.15),
    });
    expect(markOf([trial(0, 0.1, 1_000), trial(1, 0.1, 1_090)])).toBeUndefined();
  });

  it("is not marked for what visits differ by, which their bands tell", () => {
    const visits = [trial(1, 0.1, 1_150), trial(0, 0.1, 1_000)].map((record): TrialRecord => {
      return { ...record, scenario: { ...record.scenario, method: "visit" } };
    });
    expect(markOf(visits)).toBeUndefined();
  });
});

describe("failures", () => {
  it("are a share of all requests sent, with their kinds added up", () => {
    const failures = failuresOf([trial(0, 0.1, 1_000, 10), trial(1, 0.2, 1_000, 20)])!;
    expect(failures).toMatchObject({ failedRequests: 30, sentRequests: 180_030, byKind: { timeout: 30 } });
    expect(failures.share.estimate).toBeCloseTo(30 / 180_030);
  });

  it("hold the share in their interval, within 0 and 1", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (completedRequests, failedRequests) => {
        const records = [trialRecord({ result: { ...plain, completedRequests, failedRequests } })];
        const failures = failuresOf(records);
        if (completedRequests + failedRequests === 0) return failures === undefined;
        const { low, estimate, high } = failures!.share;
        return 0 <= low && low <= estimate && estimate <= high && high <= 1;
      }),
    );
  });

  it("are unknown where no trial has a result", () => {
    const { result: _, ...failed } = trialRecord({ status: "failed" });
    expect(failuresOf([failed])).toBeUndefined();
  });
});
