import { describe, expect, it } from "vitest";
import { usageOf } from "../../../../src/plugins/limiters/docker/counters.ts";
import { keptLimits } from "../../../../src/plugins/limiters/docker/limits.ts";

describe("the figures of the daemon", () => {
  const throttling_data = { periods: 20, throttled_periods: 18, throttled_time: 1_500_000_000 };
  const cpu_usage = {
    total_usage: 2_500_000_000,
    usage_in_usermode: 900_000_000,
    usage_in_kernelmode: 1_600_000_000,
  };
  const cpu_stats = { cpu_usage, throttling_data };

  it("become counters in seconds and bytes", () => {
    expect(usageOf({ cpu_stats, memory_stats: { usage: 4096, max_usage: 8192 } })).toEqual({
      cpuSeconds: 2.5,
      userCpuSeconds: 0.9,
      systemCpuSeconds: 1.6,
      periods: 20,
      throttledPeriods: 18,
      throttledSeconds: 1.5,
      memoryBytes: 4096,
      memoryPeakBytes: 8192,
      memoryLimitHits: 0,
    });
    expect(usageOf({ cpu_stats, memory_stats: { usage: 4096, max_usage: 8192, failcnt: 3 } }).memoryLimitHits).toBe(3);
  });

  it("leave out what the daemon does not tell apart", () => {
    expect(usageOf({ cpu_stats: { cpu_usage: { total_usage: 1e9 } } })).toEqual({ cpuSeconds: 1 });
  });

  it("lack the peak and the hits of memory on version 2 of control groups, and so do the counters", () => {
    expect(usageOf({ cpu_stats, memory_stats: { usage: 4096 } })).not.toHaveProperty("memoryPeakBytes");
    expect(usageOf({ cpu_stats, memory_stats: { usage: 4096 } })).not.toHaveProperty("memoryLimitHits");
  });

  it("are zeros once the container has ended, which are no counters", () => {
    const zeros = { periods: 0, throttled_periods: 0, throttled_time: 0 };
    expect(usageOf({ cpu_stats: { cpu_usage: { total_usage: 0 }, throttling_data: zeros }, memory_stats: {} })).toEqual(
      {},
    );
    expect(usageOf({})).toEqual({});
  });

  it("have no limit where it is 0, or so large that it means none", () => {
    expect(keptLimits({ CpuQuota: 0, CpuPeriod: 0, Memory: 0 })).toEqual({});
    expect(keptLimits({ CpuQuota: -1, CpuPeriod: 100_000, Memory: 2 ** 62 })).toEqual({});
    expect(keptLimits({ CpuQuota: 30_000, CpuPeriod: 100_000, Memory: 6_000_000 })).toEqual({
      cpu: 0.3,
      periodSeconds: 0.1,
      memoryBytes: 6_000_000,
    });
  });
});
