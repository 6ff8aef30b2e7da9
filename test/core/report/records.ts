import type { Point } from "../../../src/core/records/point.ts";
import type { TrialRecord, TrialResult } from "../../../src/core/records/record.ts";
import { trialRecord } from "../../fixtures/records.ts";

/** What a test says about a trial; the rest is plausible. */
export type Sketch = Partial<Point> & {
  rate?: number;
  p99?: number;
  failed?: number;
  latencyKind?: TrialResult["latencyKind"];
  status?: TrialRecord["status"];
  bound?: NonNullable<TrialRecord["verdict"]>["bound"];
};

let sequence = 0;

/** A trial record with the given figures. Window: 10 s. */
export function trial(sketch: Sketch): TrialRecord {
  const { rate = 1000, p99, failed = 0, latencyKind = "service", status = "completed", bound, ...point } = sketch;
  sequence += 1;
  const {
    result: _,
    usage: __,
    verdict: ___,
    originServed: ____,
    ...bare
  } = trialRecord({
    id: `trial-${sequence}`,
    sequence,
    status,
    point: { memoryBytes: 64 * 2 ** 20, ...point },
  });
  const result: TrialResult = {
    requestsPerSecond: rate,
    completedRequests: rate * 10,
    failedRequests: failed,
    failures: {},
    transferredBytes: rate * 10 * 200,
    durationSeconds: 10,
    latencyMs: { ...(p99 !== undefined && { p99 }) },
    latencyKind,
    loop: "closed",
  };
  return {
    ...bare,
    ...(status === "completed" && { result, usage: { cpuAchieved: 0.298, throttledShare: 0.61 } }),
    ...(bound && { verdict: { bound, evidence: "" } }),
    ...(status === "failed" && { error: { code: "LAB_NOT_READY", message: "no answer" } }),
  };
}
