import type { Limits } from "../../../core/contract/index.ts";
import { bandwidth } from "../shared/limits.ts";

/** Docker takes no -1 for memory; the kernel rounds this down to its own "none". */
const noMemoryLimit = 2 ** 62;
const noQuota = -1;

/**
 * What an update sends, in the units of Docker's API: all limits, so that an absent one is lifted. Quota and period, not
 * NanoCpus: a container created with those takes no other quota later. `MemorySwap` is the sum of memory and swap: with
 * less or more than `Memory` the memory limit would not be one.
 */
export function dockerLimits(limits: Limits) {
  const { period, quota = noQuota } = bandwidth(limits);
  const memory = limits.memoryBytes ?? noMemoryLimit;
  return { CpuPeriod: period, CpuQuota: quota, Memory: memory, MemorySwap: memory };
}

type Kept = { readonly [K in "CpuQuota" | "CpuPeriod" | "Memory"]?: number | undefined };

/** The limits of a container as the daemon keeps them. */
export function keptLimits({ CpuQuota, CpuPeriod, Memory }: Kept): Limits {
  return {
    ...(CpuQuota && CpuQuota > 0 && CpuPeriod ? { cpu: CpuQuota / CpuPeriod, periodSeconds: CpuPeriod / 1e6 } : {}),
    ...(Memory && Memory < noMemoryLimit ? { memoryBytes: Memory } : {}),
  };
}
