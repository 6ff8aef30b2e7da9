import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import type { LoadReport } from "../../../../src/core/contract/index.ts";
import { withPercentiles } from "../../../../src/core/measure/trial/percentiles.ts";
import { fakeRegistry } from "../../../fixtures/fakeSweep.ts";

const { plugin } = fakeRegistry.get("load", "tool");

/** A histogram of latencies in milliseconds, as the contract has it. */
function histogramOf(latenciesMs: readonly number[]): string {
  const histogram = build({ highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 });
  for (const ms of latenciesMs) histogram.recordValue(Math.round(ms * 1000));
  return encodeIntoCompressedBase64(histogram);
}

const oneToThousand = histogramOf(Array.from({ length: 1000 }, (_, index) => index + 1));
const report = (changes: Partial<LoadReport>): LoadReport => ({
  loop: "closed",
  durationSeconds: 1,
  completedRequests: 1000,
  failedRequests: 0,
  failures: {},
  latencyMs: {},
  latencyKind: "service",
  ...changes,
});

describe("percentiles that a tool does not tell", () => {
  it("are taken from its histogram", async () => {
    const { latencyMs } = await withPercentiles(plugin, report({ latencyHistogram: oneToThousand }));
    const wanted = { p50: 500, p90: 900, p95: 950, p99: 990, p999: 999 };
    expect(Object.keys(latencyMs).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, ms] of Object.entries(wanted)) {
      const found = latencyMs[name as keyof typeof wanted]!;
      expect(Math.abs(found / ms - 1)).toBeLessThan(0.002); // three digits
    }
  });

  it("leave alone what it tells, and the mean and the longest, which a histogram rounds", async () => {
    const told = { mean: 7, p50: 1, p99: 3, max: 9 };
    const { latencyMs } = await withPercentiles(plugin, report({ latencyMs: told, latencyHistogram: oneToThousand }));
    expect(latencyMs).toMatchObject(told);
    expect(latencyMs.p95).toBeCloseTo(950, -1);
  });

  it("are not known without a histogram, or of one of nothing", async () => {
    const bare = report({ latencyMs: { p50: 1 } });
    expect(await withPercentiles(plugin, bare)).toBe(bare);
    const { latencyMs } = await withPercentiles(plugin, report({ latencyHistogram: histogramOf([]) }));
    expect(latencyMs).toEqual({});
  });

  it.each(["", "HISTF", "no histogram at all"])("are a fault of the plugin where its histogram is %j", async (text) => {
    const broken = withPercentiles(plugin, report({ latencyHistogram: text }));
    await expect(broken).rejects.toMatchObject({ code: "LAB_PLUGIN", message: expect.stringMatching(/tool, parse: /) });
  });
});
