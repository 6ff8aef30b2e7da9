import type Docker from "dockerode";
import type { ControlGroup, LimiterHost, UsageCounters } from "../../../core/contract/index.ts";
import type { DockerOptions } from "./choice.ts";
import { keptLimits } from "./limits.ts";

/**
 * The process of a container and its counters: from the files of its control group where they can be read here (and
 * nothing else was chosen), else from the daemon. `undefined` where the kernel's were chosen and cannot be read.
 * `visible`: the pid is one of this machine, as the lab sees it: it can be ended by it.
 */
export async function seenFromLab(container: Docker.Container, host: LimiterHost, choice: DockerOptions["counters"]) {
  const { State } = await container.inspect().catch(() => ({ State: { Pid: 0 } }));
  const membership = await host.readText(`/proc/${State.Pid}/cgroup`);
  const visible = State.Pid > 0 && (membership?.includes(container.id) ?? false);
  const group = visible ? await host.controlGroup(State.Pid).catch(() => undefined) : undefined;
  const readable = group !== undefined && (await group.usage()).cpuSeconds !== undefined;
  if (readable && choice !== "api") return { pid: State.Pid, group, visible };
  if (choice === "kernel" || State.Pid === 0) return undefined;
  return { pid: State.Pid, group: fromDaemon(container), visible };
}

/** Counters and limits as the daemon tells them: since the start of the container, never percentages. */
function fromDaemon(container: Docker.Container): ControlGroup {
  return {
    async usage() {
      const stats = await container.stats({ stream: false, "one-shot": true }).catch(() => undefined);
      return stats === undefined ? {} : usageOf(stats as unknown as Stats);
    },
    limits: async () => keptLimits((await container.inspect()).HostConfig),
  };
}

/** What of the daemon's figures is used. Times in nanoseconds. Source: ContainerStats of the Docker Engine API. */
export interface Stats {
  readonly cpu_stats?: {
    readonly cpu_usage?: {
      readonly total_usage?: number;
      readonly usage_in_usermode?: number;
      readonly usage_in_kernelmode?: number;
    };
    readonly throttling_data?: {
      readonly periods?: number;
      readonly throttled_periods?: number;
      readonly throttled_time?: number;
    };
  };
  /** On version 2 of control groups without `max_usage` and `failcnt`, on version 1 without those that are 0. */
  readonly memory_stats?: { readonly usage?: number; readonly max_usage?: number; readonly failcnt?: number };
}

/** The daemon's figures as counters; for a container that has ended it gives zeros, which count nothing. */
export function usageOf({ cpu_stats: cpu, memory_stats: memory }: Stats): UsageCounters {
  const { total_usage: total, usage_in_usermode: user, usage_in_kernelmode: system } = cpu?.cpu_usage ?? {};
  if (!total) return {};
  const { periods, throttled_periods: throttled, throttled_time: stopped } = cpu?.throttling_data ?? {};
  const counters = {
    cpuSeconds: seconds(total),
    userCpuSeconds: seconds(user),
    systemCpuSeconds: seconds(system),
    periods,
    throttledPeriods: throttled,
    throttledSeconds: seconds(stopped),
    memoryBytes: memory?.usage,
    memoryPeakBytes: memory?.max_usage,
    memoryLimitHits: memory?.failcnt ?? (memory?.max_usage === undefined ? undefined : 0),
  };
  return Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== undefined));
}

function seconds(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : nanoseconds / 1e9;
}
