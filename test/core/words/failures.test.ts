import { expect, it } from "vitest";
import { failureRemarks } from "../../../src/core/words/failures.ts";
import { trialRecord } from "../../fixtures/records.ts";

const plain = trialRecord().result!;

function trial(proxy: string, cpu: number, completedRequests: number, failedRequests: number) {
  const failures = { timeout: failedRequests, reset: 0 };
  return trialRecord({ point: { proxy, cpu }, result: { ...plain, completedRequests, failedRequests, failures } });
}

it("says of each proxy what share failed, of which kind, and how that goes with CPU", () => {
  const records = [trial("squid", 0.5, 9_000, 1_000), trial("squid", 0.1, 950, 50), trial("haproxy", 0.1, 5_000, 0)];
  expect(failureRemarks(records)).toEqual([
    "squid failed 9.5 % of its requests, 95 % interval 9 % to 10 % (1,050 timed out): 5 % at 0.10 cpu, 10 % at 0.50 cpu",
  ]);
});

it("says nothing where nothing failed", () => {
  expect(failureRemarks([trial("haproxy", 0.1, 100, 0)])).toEqual([]);
});
