import { defaultScenario } from "../../../src/core/experiment/defaults.ts";
import type { Point } from "../../../src/core/records/point.ts";
import { SCHEMA_VERSION, type TrialRecord, type TrialResult } from "../../../src/core/records/record.ts";

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
    schemaVersion: SCHEMA_VERSION,
    id: `trial-${sequence}`,
    sweepId: "sweep",
    sequence,
    replicate: 0,
    status,
    startedAt: "2026-11-22T21:04:11.000Z",
    point: {
      proxy: "haproxy",
      loadTool: "wrk",
      limiter: "cgroup",
      role: "reverse",
      cpu: 0.3,
      memoryBytes: 64 * 2 ** 20,
      servers: 1,
      concurrency: 32,
      ...point,
    },
    scenario: defaultScenario,
    ...(status === "completed" && { result, usage: { cpuAchieved: 0.298, throttledShare: 0.61 } }),
    ...(bound && { verdict: { bound, evidence: "" } }),
    ...(status === "failed" && { error: { code: "LAB_NOT_READY", message: "no answer" } }),
    deviations: [],
    freshProcess: false,
    environment: {
      labVersion: "0.1.0",
      node: "24",
      platform: "linux",
      kernel: "6",
      cpuModel: "cpu",
      cores: 2,
      memoryBytes: 2 ** 33,
      versions: {},
    },
  };
}
