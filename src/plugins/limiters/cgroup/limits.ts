import type { Limits } from "../../../core/contract/index.ts";

/** Text for a file of a control group. */
export interface GroupSetting {
  readonly controller: "cpu" | "memory";
  readonly file: string;
  readonly text: string;
  /** Kernels that have no swap have no such file. */
  readonly optional?: boolean;
}

const defaultPeriodSeconds = 0.1;

/** All limits, so that an absent one is lifted. Source: the kernel's admin-guide/cgroup-v1. */
export function version1({ cpu, memoryBytes, periodSeconds = defaultPeriodSeconds }: Limits): GroupSetting[] {
  const period = micros(periodSeconds);
  const quota = cpu === undefined ? -1 : Math.round(cpu * period);
  return [
    { controller: "cpu", file: "cpu.cfs_period_us", text: String(period) },
    { controller: "cpu", file: "cpu.cfs_quota_us", text: String(quota) },
    { controller: "memory", file: "memory.limit_in_bytes", text: String(memoryBytes ?? -1) },
    // Swap would turn the memory limit into a speed limit.
    ...(memoryBytes === undefined ? [] : [{ controller: "memory", file: "memory.swappiness", text: "0" } as const]),
  ];
}

/** The same. Source: the kernel's admin-guide/cgroup-v2. */
export function version2({ cpu, memoryBytes, periodSeconds = defaultPeriodSeconds }: Limits): GroupSetting[] {
  const period = micros(periodSeconds);
  const quota = cpu === undefined ? "max" : Math.round(cpu * period);
  return [
    { controller: "cpu", file: "cpu.max", text: `${quota} ${period}` },
    { controller: "memory", file: "memory.max", text: String(memoryBytes ?? "max") },
    {
      controller: "memory",
      file: "memory.swap.max",
      text: memoryBytes === undefined ? "max" : "0",
      optional: true,
    },
  ];
}

function micros(seconds: number): number {
  return Math.round(seconds * 1e6);
}
