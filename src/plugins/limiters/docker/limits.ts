import type { Limits } from "../../../core/contract/index.ts";
import { bandwidth } from "../shared/limits.ts";

/** Docker takes no -1 for memory; the kernel rounds this down to its own "none". */
const noMemoryLimit = 2 ** 62;
const noQuota = -1;

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
  const { period, quota = noQuota } = bandwidth(limits);
  const memory = limits.memoryBytes ?? noMemoryLimit;
  return { CpuPeriod: period, CpuQuota: quota, Memory: memory, MemorySwap: memory };
}

type Kept = { readonly [K in "CpuQuota" | "CpuPeriod" | "Memory"]?: DockerLimits[K] | undefined };

/** The limits of a container as the daemon keeps them. */
export function keptLimits({ CpuQuota, CpuPeriod, Memory }: Kept): Limits {
  return {
    ...(CpuQuota && CpuQuota > 0 && CpuPeriod ? { cpu: CpuQuota / CpuPeriod, periodSeconds: CpuPeriod / 1e6 } : {}),
    ...(Memory && Memory < noMemoryLimit ? { memoryBytes: Memory } : {}),
  };
}
