import { describe, expect, it } from "vitest";
import type { LoadReport } from "../../../src/core/contract/index.ts";
import { measurementOf } from "../../../src/core/experiment/measurement.ts";
import { trialRecord } from "../../fixtures/records.ts";

const report: LoadReport = {
  loop: "closed",
  durationSeconds: 10,
  completedRequests: 10_000,
  failedRequests: 0,
  failures: {},
  latencyMs: { mean: 32 },
  latencyKind: "service",
};

/** The verdict on a proxy that used 0.99 cores at a limit of 2. */
function verdictAt(usableCpu: number) {
  const { point } = trialRecord({ point: { cpu: 2 } });
  return measurementOf(point, {
    report,
    samples: [0, 1, 2, 3, 4].map((atSeconds) => ({ atSeconds, proxy: { cpuSeconds: 0.99 * atSeconds } })),
    ended: "fixed",
    originServed: undefined,
    limitsInForce: { cpu: 2 },
    usableCpu,
    directRequestsPerSecond: undefined,
    offeredRequestsPerSecond: undefined,
    localPorts: undefined,
    restCores: undefined,
  }).verdict;
}

describe("the verdict on a measurement", () => {
  it("is proxy-bound when the proxy used what its threads can, though its limit is higher", () => {
    expect(verdictAt(1)).toMatchObject({ bound: "proxy-bound", evidence: expect.stringContaining("0.990 of 1 cpu") });
    expect(verdictAt(2)).toMatchObject({ bound: "client-bound" });
  });
});
