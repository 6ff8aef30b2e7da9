import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ControlGroup, Limits, UsageCounters } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import { ticksPerSecond } from "./cpuTime.ts";
import { kernelText } from "./kernelText.ts";

const root = "/sys/fs/cgroup";

/**
 * A control group by the pid of a process in it, or by its path below the mount; on either version.
 * Source: the kernel's admin-guide/cgroup-v1 and admin-guide/cgroup-v2.
 */
export async function controlGroup(of: number | string, version: "v1" | "v2"): Promise<ControlGroup> {
  if (typeof of === "number") return controlGroupFrom(await readFile(`/proc/${of}/cgroup`, "utf8"), root);
  return controlGroupFrom(version === "v2" ? `0::${of}` : `1:cpu,cpuacct,memory:${of}`, root);
}

/** The same from the text of /proc/PID/cgroup and the folder where control groups are mounted. */
export function controlGroupFrom(procCgroup: string, mount: string): ControlGroup {
  const paths = parseProcCgroup(procCgroup);
  const cpu = paths.get("cpu");
  if (cpu === undefined) return version2(join(mount, paths.get("") ?? "/"));
  return version1({
    cpu: join(mount, "cpu", cpu),
    cpuacct: join(mount, "cpuacct", paths.get("cpuacct") ?? cpu),
    memory: join(mount, "memory", paths.get("memory") ?? cpu),
  });
}

/**
 * The lowest limits of a control group and of those above it, as far as they can be seen. A container sees its own at the
 * mount, whatever path it is told.
 */
export function limitsAround(procCgroup: string, mount = root): Limits {
  const paths = parseProcCgroup(procCgroup);
  const above = (controller: string) =>
    ancestors(paths.get(controller) ?? "/").map((path) => join(mount, controller, path));
  const found = paths.has("cpu")
    ? [...above("cpu").map(cpuLimit1), ...above("memory").map(memoryLimit1)]
    : above("").flatMap((dir) => [cpuLimit2(dir), memoryLimit2(dir)]);
  const lowest = (values: readonly number[]) => (values.length > 0 ? Math.min(...values) : undefined);
  return withoutAbsent<Limits>({
    cpu: lowest(found.flatMap(({ cpu }) => cpu ?? [])),
    memoryBytes: lowest(found.flatMap(({ memoryBytes }) => memoryBytes ?? [])),
  });
}

/** `/a/b` -> `/a/b`, `/a`, `/`. */
function ancestors(path: string): string[] {
  return dirname(path) === path ? [path] : [path, ...ancestors(dirname(path))];
}

/** /proc/PID/cgroup -> controller -> path; the one tree of version 2 has the controller "". */
export function parseProcCgroup(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.trim().split("\n")) {
    const [, controllers = "", ...path] = line.split(":");
    for (const controller of controllers.split(",")) paths.set(controller, path.join(":"));
  }
  return paths;
}

function version1(dirs: { cpu: string; cpuacct: string; memory: string }): ControlGroup {
  return {
    async usage() {
      const stat = table(join(dirs.cpu, "cpu.stat"));
      return withoutAbsent<UsageCounters>({
        cpuSeconds: scaled(number(join(dirs.cpuacct, "cpuacct.usage")), 1e9),
        ...cpuModes1(dirs.cpuacct),
        periods: stat.get("nr_periods"),
        throttledPeriods: stat.get("nr_throttled"),
        throttledSeconds: scaled(stat.get("throttled_time"), 1e9),
        memoryBytes: number(join(dirs.memory, "memory.usage_in_bytes")),
        memoryPeakBytes: number(join(dirs.memory, "memory.max_usage_in_bytes")),
        memoryLimitHits: number(join(dirs.memory, "memory.failcnt")),
        oomKills: table(join(dirs.memory, "memory.oom_control")).get("oom_kill"),
      });
    },
    limits: async () => ({ ...cpuLimit1(dirs.cpu), ...memoryLimit1(dirs.memory) }),
  };
}

function version2(dir: string): ControlGroup {
  return {
    async usage() {
      const stat = table(join(dir, "cpu.stat"));
      const events = table(join(dir, "memory.events"));
      return withoutAbsent<UsageCounters>({
        cpuSeconds: scaled(stat.get("usage_usec"), 1e6),
        userCpuSeconds: scaled(stat.get("user_usec"), 1e6),
        systemCpuSeconds: scaled(stat.get("system_usec"), 1e6),
        periods: stat.get("nr_periods"),
        throttledPeriods: stat.get("nr_throttled"),
        throttledSeconds: scaled(stat.get("throttled_usec"), 1e6),
        memoryBytes: number(join(dir, "memory.current")),
        memoryPeakBytes: number(join(dir, "memory.peak")),
        memoryLimitHits: events.get("max"),
        oomKills: events.get("oom_kill"),
      });
    },
    limits: async () => ({ ...cpuLimit2(dir), ...memoryLimit2(dir) }),
  };
}

/**
 * CPU time in user mode and in the kernel. Before Linux 5.17 cpuacct.usage_user counts what a process did in the kernel
 * until it gave up its core as well, so cpuacct.stat comes first, for all its coarse steps.
 */
function cpuModes1(dir: string) {
  const stat = table(join(dir, "cpuacct.stat"));
  if (stat.has("user") && stat.has("system")) {
    return {
      userCpuSeconds: scaled(stat.get("user"), ticksPerSecond),
      systemCpuSeconds: scaled(stat.get("system"), ticksPerSecond),
    };
  }
  return {
    userCpuSeconds: scaled(number(join(dir, "cpuacct.usage_user")), 1e9),
    systemCpuSeconds: scaled(number(join(dir, "cpuacct.usage_sys")), 1e9),
  };
}

function cpuLimit1(dir: string): Limits {
  return cpuLimit(number(join(dir, "cpu.cfs_quota_us")), number(join(dir, "cpu.cfs_period_us")));
}

function cpuLimit2(dir: string): Limits {
  const [quota, period] = (kernelText(join(dir, "cpu.max")) ?? "").trim().split(" ").map(Number);
  return cpuLimit(quota, period);
}

/** Microseconds. Version 1 writes "none" as -1, version 2 as a word. */
function cpuLimit(quota: number | undefined, period: number | undefined): Limits {
  return quota !== undefined && quota > 0 && period ? { cpu: quota / period, periodSeconds: period / 1e6 } : {};
}

function memoryLimit1(dir: string): Limits {
  const bytes = number(join(dir, "memory.limit_in_bytes"));
  return bytes !== undefined && bytes < 2 ** 60 ? { memoryBytes: bytes } : {}; // "none" is written as a huge number
}

function memoryLimit2(dir: string): Limits {
  const bytes = number(join(dir, "memory.max"));
  return bytes === undefined ? {} : { memoryBytes: bytes };
}

function scaled(value: number | undefined, perSecond: number): number | undefined {
  return value === undefined ? undefined : value / perSecond;
}

function number(path: string): number | undefined {
  const value = Number.parseInt(kernelText(path) ?? "", 10);
  return Number.isNaN(value) ? undefined : value;
}

function table(path: string): Map<string, number> {
  const lines = (kernelText(path) ?? "").trim().split("\n");
  return new Map(lines.map((line) => line.split(" ")).map(([key = "", value]) => [key, Number(value)]));
}
