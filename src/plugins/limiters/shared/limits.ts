import type { Limits } from "../../../core/contract/index.ts";

/** Of Linux, unless told otherwise. */
export const defaultPeriodSeconds = 0.1;
const minimumQuotaMicros = 1_000;
/** The kernel counts memory in pages. */
const largestPage = 65_536;

/** Period and quota in microseconds; no quota if CPU is unlimited. Throws an Error for one below the kernel's minimum. */
export function bandwidth({ cpu, periodSeconds = defaultPeriodSeconds }: Limits): { period: number; quota?: number } {
  const period = Math.round(periodSeconds * 1e6);
  if (cpu === undefined) return { period };
  const quota = Math.round(cpu * period);
  if (quota >= minimumQuotaMicros) return { period, quota };
  throw new Error(
    `${cpu} CPU is ${quota} us in each period of ${period} us; the kernel takes no quota under ${minimumQuotaMicros} us`,
  );
}

/**
 * What of `wanted` the kernel does not have in force, in words; `undefined` when it has all. CPU may differ by a step, in
 * cores, and by a microsecond of quota.
 */
export function difference(wanted: Limits, kernel: Limits, cpuStep = 0): string | undefined {
  const { cpu, memoryBytes: memory, periodSeconds = defaultPeriodSeconds } = wanted;
  if (!near(cpu, kernel.cpu, cpuStep + 1e-6 / periodSeconds))
    return `${kernel.cpu ?? "no limit on"} CPU instead of ${cpu ?? "none"}`;
  if (cpu !== undefined && !near(periodSeconds, kernel.periodSeconds ?? periodSeconds, 1e-6))
    return `a period of ${kernel.periodSeconds} s instead of ${periodSeconds} s`;
  if (near(memory, kernel.memoryBytes, largestPage)) return undefined;
  return `a memory limit of ${kernel.memoryBytes ?? "no"} bytes instead of ${memory ?? "none"}`;
}

function near(wanted: number | undefined, actual: number | undefined, tolerance: number): boolean {
  if (wanted === undefined || actual === undefined) return wanted === actual;
  return Math.abs(wanted - actual) <= tolerance;
}
