import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dockerLimits, keptLimits } from "../../../../src/plugins/limiters/docker/limits.ts";
import { difference } from "../../../../src/plugins/limiters/shared/limits.ts";
import { MiB } from "./sketches.ts";

describe("the limits that Docker is given", () => {
  const anyLimits = fc.record(
    {
      cpu: fc.double({ min: 0.01, max: 64, noNaN: true }),
      memoryBytes: fc.integer({ min: 6 * MiB, max: 2 ** 40 }),
      periodSeconds: fc.double({ min: 0.1, max: 1, noNaN: true }),
    },
    { requiredKeys: [] },
  );

  it("say the same CPU bandwidth, to the microsecond of quota, and never allow swap", () => {
    fc.assert(
      fc.property(anyLimits, (limits) => {
        const { CpuPeriod, CpuQuota, Memory, MemorySwap } = dockerLimits(limits);
        expect(MemorySwap).toBe(Memory);
        if (limits.cpu === undefined) expect(CpuQuota).toBe(-1);
        else expect(Math.abs(CpuQuota - limits.cpu * CpuPeriod)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it("are in force when the kernel or the daemon reports them, whole pages of memory and microseconds apart", () => {
    fc.assert(
      fc.property(anyLimits, (limits) => {
        const { CpuPeriod, CpuQuota } = dockerLimits(limits);
        const kernel = {
          ...(limits.cpu === undefined ? {} : { cpu: CpuQuota / CpuPeriod, periodSeconds: CpuPeriod / 1e6 }),
          ...(limits.memoryBytes === undefined
            ? {}
            : { memoryBytes: limits.memoryBytes - (limits.memoryBytes % 4096) }),
        };
        expect(difference(limits, kernel)).toBeUndefined();
        expect(difference(limits, keptLimits(dockerLimits(limits)))).toBeUndefined();
      }),
    );
  });

  it("are not in force when the kernel says otherwise", () => {
    const wanted = { cpu: 0.3, memoryBytes: 64 * MiB };
    expect(difference(wanted, { cpu: 0.6, memoryBytes: 64 * MiB })).toBe("0.6 CPU instead of 0.3");
    expect(difference(wanted, { memoryBytes: 64 * MiB })).toContain("no limit on CPU");
    expect(difference(wanted, { cpu: 0.3, memoryBytes: 128 * MiB })).toContain("134217728 bytes instead of 67108864");
    expect(difference(wanted, { cpu: 0.3, memoryBytes: 32 * MiB })).toContain("33554432 bytes instead of 67108864");
    expect(difference(wanted, { cpu: 0.3 })).toContain("no bytes instead of 67108864");
    expect(difference({}, { cpu: 0.3 })).toBe("0.3 CPU instead of none");
  });

  it("are refused where the quota would be shorter than the kernel takes", () => {
    expect(() => dockerLimits({ cpu: 0.05, periodSeconds: 0.01 })).toThrow(/\b500 us\b.*\b10000 us\b/);
  });
});
