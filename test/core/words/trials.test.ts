import { describe, expect, it } from "vitest";
import {
  limitsInWords,
  memoryLimitInWords,
  outcomeInWords,
  placeInWords,
  pointInWords,
  verdictInWords,
} from "../../../src/core/words/trials.ts";
import { trialRecord } from "../../fixtures/records.ts";

const trial = trialRecord({ point: { memoryBytes: 64 * 2 ** 20 } });
const { result: _, verdict: __, ...bare } = trialRecord();
const failed = { ...bare, status: "failed", error: { code: "LAB_MEMORY", message: "killed at the limit" } } as const;
const skipped = { ...bare, status: "skipped" } as const;

describe("a trial in words", () => {
  it("says where it was made, in full and in short", () => {
    expect(pointInWords(trial.point)).toBe("haproxy 0.30 cpu, 64 MiB, 1 server, wrk x32, cgroup");
    expect(pointInWords({ ...bare.point, loadTool: "autocannon", requestsPerSecond: 2500 })).toBe(
      "haproxy 0.30 cpu, 1 server, autocannon x32 at 2,500/s, cgroup",
    );
    expect(limitsInWords(trial.point)).toBe("haproxy 0.30 cpu, 64 MiB");
    expect(limitsInWords(bare.point)).toBe(placeInWords(bare.point));
    expect(placeInWords({ ...bare.point, cpu: 0.125 })).toBe("haproxy 0.125 cpu");
  });

  it.each([
    [trial, "9,000 req/s, proxy-bound", "proxy-bound"],
    [{ ...bare, result: trial.result! }, "9,000 req/s, no verdict", "-"],
    [failed, "failed: killed at the limit", "LAB_MEMORY"],
    [skipped, "skipped", "skipped"],
  ] as const)("says what came of it", (record, outcome, verdict) => {
    expect(outcomeInWords(record)).toBe(outcome);
    expect(verdictInWords(record)).toBe(verdict);
  });

  it("says that there was no memory limit", () => {
    expect([undefined, 2 ** 20].map(memoryLimitInWords)).toEqual(["no limit", "1 MiB"]);
  });
});
