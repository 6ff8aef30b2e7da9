import type { Limits } from "../../../core/contract/index.ts";

/** Docker takes no -1 for memory; the kernel rounds this down to its own "none". */
const noMemoryLimit = 2 ** 62;
const noQuota = -1;
const minimumQuota = 1_000;
const largestPage = 65_536;

/** Limits in the units of Docker's API. Quota and period, not NanoCpus: a container created with those takes no other quota later. */
export interface DockerLimits {
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
  readonly Memory: number;
  /** The sum of memory and swap: with less or more than `Memory` the memory limit would not be one. */
  readonly MemorySwap: number;
}

/** What an update sends: all limits, so that an absent one is lifted. */
export function dockerLimits(limits: Limits): DockerLimits {
  const period = Math.round((limits.periodSeconds ?? 0.1) * 1e6);
  const quota = limits.cpu === undefined ? noQuota : Math.round(limits.cpu * period);
  if (limits.cpu !== undefined && quota < minimumQuota) {
    throw new Error(
      `${limits.cpu} CPU is ${quota} us in each period of ${period} us; the kernel takes no quota under ${minimumQuota} us`,
    );
  }
  const memory = limits.memoryBytes ?? noMemoryLimit;
  return { CpuPeriod: period, CpuQuota: quota, Memory: memory, MemorySwap: memory };
}

type Kept = { readonly [K in "CpuQuota" | "CpuPeriod" | "Memory"]?: DockerLimits[K] | undefined };

/** The limits of a container as the daemon keeps them. */
export function limitsOf({ CpuQuota, CpuPeriod, Memory }: Kept): Limits {
  return {
    ...(CpuQuota && CpuQuota > 0 && CpuPeriod ? { cpu: CpuQuota / CpuPeriod, periodSeconds: CpuPeriod / 1e6 } : {}),
    ...(Memory && Memory < noMemoryLimit ? { memoryBytes: Memory } : {}),
  };
}

/** What of `wanted` the kernel does not have in force, in words; `undefined` when it has all. */
export function difference(wanted: Limits, kernel: Limits): string | undefined {
  const { CpuPeriod, CpuQuota } = dockerLimits(wanted);
  const cpu = CpuQuota === noQuota ? undefined : CpuQuota / CpuPeriod;
  const sameCpu =
    cpu === undefined || kernel.cpu === undefined ? cpu === kernel.cpu : Math.abs(cpu - kernel.cpu) < 1e-6;
  if (!sameCpu) return `${kernel.cpu ?? "no limit on"} CPU instead of ${cpu ?? "none"}`;
  const { memoryBytes: memory } = wanted;
  const { memoryBytes: kernelMemory } = kernel;
  const sameMemory =
    memory === undefined || kernelMemory === undefined
      ? memory === kernelMemory
      : kernelMemory <= memory && memory - kernelMemory < largestPage; // the kernel counts in pages
  if (!sameMemory) return `a memory limit of ${kernelMemory ?? "no"} bytes instead of ${memory ?? "none"}`;
  return undefined;
}
