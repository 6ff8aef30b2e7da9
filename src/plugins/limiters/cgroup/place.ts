import type { LimiterHost, Limits } from "../../../core/contract/index.ts";
import { mount } from "../shared/groups.ts";
import { bandwidth } from "../shared/limits.ts";

/** What to write into a file of a control group. */
interface GroupSetting {
  readonly file: string;
  readonly value: number | string;
  /** Kernels that have no swap have no such file. */
  readonly optional?: boolean;
}

/** Where a control group is. */
export interface Place {
  /** Below the mount. */
  readonly path: string;
  /** What a process joins. */
  readonly dirs: readonly string[];
  /** All folders that `make` makes, in the order in which they can be removed. */
  readonly folders: readonly string[];
  make(host: LimiterHost): Promise<void>;
  /** All limits, so that an absent one is lifted. */
  settings(limits: Limits): GroupSetting[];
}

/** Version 1: a folder under each controller. Source of the settings: the kernel's admin-guide/cgroup-v1. */
export function byController(name: string): Place {
  const dirs = ["cpu", "cpuacct", "memory"].map((controller) => `${mount}/${controller}/${name}`);
  const [cpu, , memory] = dirs;
  return {
    path: `/${name}`,
    dirs,
    folders: dirs,
    async make(host) {
      for (const dir of dirs) await host.makeDir(dir);
    },
    settings(limits) {
      const { period, quota = -1 } = bandwidth(limits);
      return [
        { file: `${cpu}/cpu.cfs_period_us`, value: period },
        { file: `${cpu}/cpu.cfs_quota_us`, value: quota },
        { file: `${memory}/memory.limit_in_bytes`, value: limits.memoryBytes ?? -1 },
        // Swap would turn the memory limit into a speed limit.
        ...(limits.memoryBytes === undefined ? [] : [{ file: `${memory}/memory.swappiness`, value: 0 }]),
      ];
    },
  };
}

/**
 * Version 2: a group inside a group. systemd takes controllers that its own units do not need away from all groups at the
 * root, on each daemon-reload for one, and their limits with them; it cannot where a group hands them on to another.
 * Source of the settings: the kernel's admin-guide/cgroup-v2.
 */
export function inOneTree(name: string): Place {
  const outer = `${mount}/${name}`;
  const inner = `${outer}/program`;
  const handOn = (host: LimiterHost, dir: string) => host.writeText(`${dir}/cgroup.subtree_control`, "+cpu +memory");
  return {
    path: `/${name}/program`,
    dirs: [inner],
    folders: [inner, outer],
    async make(host) {
      await handOn(host, mount);
      await host.makeDir(outer);
      await handOn(host, outer);
      await host.makeDir(inner);
    },
    settings(limits) {
      const { period, quota } = bandwidth(limits);
      const swap = limits.memoryBytes === undefined ? "max" : 0;
      return [
        { file: `${inner}/cpu.max`, value: `${quota ?? "max"} ${period}` },
        { file: `${inner}/memory.max`, value: limits.memoryBytes ?? "max" },
        { file: `${inner}/memory.swap.max`, value: swap, optional: true },
      ];
    },
  };
}
