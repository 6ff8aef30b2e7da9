import type { LimiterHost, Limits } from "../../../core/contract/index.ts";
import { mount } from "../shared/groups.ts";
import { type GroupSetting, version1, version2 } from "./limits.ts";

/** Where a control group is. */
export interface Place {
  /** Below the mount. */
  readonly path: string;
  /** What a process joins. */
  readonly dirs: readonly string[];
  /** All folders that `make` makes, in the order in which they can be removed. */
  readonly folders: readonly string[];
  make(host: LimiterHost): Promise<void>;
  dirOf(controller: GroupSetting["controller"]): string;
  settings(limits: Limits): GroupSetting[];
}

/** Version 1: a folder under each controller. */
export function byController(name: string): Place {
  const dirs = ["cpu", "cpuacct", "memory"].map((controller) => `${mount}/${controller}/${name}`);
  return {
    path: `/${name}`,
    dirs,
    folders: dirs,
    async make(host) {
      for (const dir of dirs) await host.makeDir(dir);
    },
    dirOf: (controller) => `${mount}/${controller}/${name}`,
    settings: version1,
  };
}

/**
 * Version 2: a group inside a group. systemd takes controllers that its own units do not need away from all groups at the
 * root, on each daemon-reload for one, and their limits with them; it cannot where a group hands them on to another.
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
    dirOf: () => inner,
    settings: version2,
  };
}
