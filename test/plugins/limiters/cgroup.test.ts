import { describe, expect, it } from "vitest";
import type { Launch, LimiterHost, UsageCounters } from "../../../src/core/contract/index.ts";
import cgroup from "../../../src/plugins/limiters/cgroup.ts";

const launch: Launch = {
  name: "haproxy",
  argv: ["haproxy"],
  env: {},
  scratchDir: "/scratch",
  readOnlyDirs: [],
  openFiles: 8192,
};

/** A host that remembers what it was told, with a process that runs until `end` is called. */
function fakeHost(version: "v1" | "v2", root = true) {
  const writes: string[] = [];
  const owned = new Set<string>();
  let end = () => {};
  const exited = new Promise<{ code: number }>((resolve) => {
    end = () => resolve({ code: 137 });
  });
  let usage: UsageCounters = { cpuSeconds: 1, oomKills: 0 };
  const host = {
    root,
    cgroupVersion: version,
    uniqueName: () => "proxy-lab-1-0",
    makeDir: async (path: string) => void writes.push(`mkdir ${path}`),
    removeDir: async (path: string) => {
      writes.push(`rmdir ${path}`);
      usage = {};
    },
    writeText: async (path: string, text: string) => void writes.push(`${path} = ${text}`),
    own: ({ path }: { path: string }) => {
      owned.add(path);
      return () => void owned.delete(path);
    },
    controlGroup: async () => ({ usage: async () => usage, limits: async () => ({}) }),
    launch: async (_: Launch, options: { cgroups: string[] }) => {
      writes.push(`launch in ${options.cgroups.join(" ")}`);
      return { pid: 1, exited, tail: () => "", stop: async () => end() };
    },
  } as unknown as LimiterHost;
  return { host, writes, owned, end, oom: () => Object.assign(usage, { oomKills: 1 }) };
}

const limits = { cpu: 0.25, memoryBytes: 64 * 2 ** 20 };

describe("the cgroup limiter", () => {
  it("sets quota, period and memory on version 1 before the program runs", async () => {
    const { host, writes } = fakeHost("v1");
    await cgroup.start(launch, limits, host, {});
    expect(writes).toEqual([
      "mkdir /sys/fs/cgroup/cpu/proxy-lab-1-0",
      "mkdir /sys/fs/cgroup/cpuacct/proxy-lab-1-0",
      "mkdir /sys/fs/cgroup/memory/proxy-lab-1-0",
      "/sys/fs/cgroup/cpu/proxy-lab-1-0/cpu.cfs_period_us = 100000",
      "/sys/fs/cgroup/cpu/proxy-lab-1-0/cpu.cfs_quota_us = 25000",
      "/sys/fs/cgroup/memory/proxy-lab-1-0/memory.limit_in_bytes = 67108864",
      "/sys/fs/cgroup/memory/proxy-lab-1-0/memory.swappiness = 0",
      "launch in /sys/fs/cgroup/cpu/proxy-lab-1-0 /sys/fs/cgroup/cpuacct/proxy-lab-1-0 /sys/fs/cgroup/memory/proxy-lab-1-0",
    ]);
  });

  it("sets them on version 2, where swap must be off for the memory limit to be one", async () => {
    const { host, writes } = fakeHost("v2");
    await cgroup.start(launch, limits, host, {});
    expect(writes).toEqual([
      "/sys/fs/cgroup/cgroup.subtree_control = +cpu +memory",
      "mkdir /sys/fs/cgroup/proxy-lab-1-0",
      "/sys/fs/cgroup/proxy-lab-1-0/cpu.max = 25000 100000",
      "/sys/fs/cgroup/proxy-lab-1-0/memory.max = 67108864",
      "/sys/fs/cgroup/proxy-lab-1-0/memory.swap.max = 0",
      "launch in /sys/fs/cgroup/proxy-lab-1-0",
    ]);
  });

  it.each([
    ["v1", "/sys/fs/cgroup/cpu/proxy-lab-1-0/cpu.cfs_quota_us = -1"],
    ["v2", "/sys/fs/cgroup/proxy-lab-1-0/cpu.max = max 100000"],
  ] as const)(
    "starts without a quota on %s when none is asked for, and sets one while the program runs",
    async (version, none) => {
      const { host, writes } = fakeHost(version);
      const confined = await cgroup.start(launch, {}, host, {});
      expect(writes).toContain(none);
      await confined.update({ cpu: 0.5, periodSeconds: 0.01 });
      expect(writes.at(-1)).toMatch(/= 5000( 10000)?$/);
    },
  );

  it("removes its groups when the program ends, and still knows that it was killed for memory", async () => {
    const { host, writes, owned, end, oom } = fakeHost("v1");
    const confined = await cgroup.start(launch, limits, host, {});
    expect(owned.size).toBe(3);
    oom();
    end();
    await confined.exited;
    expect(writes.filter((write) => write.startsWith("rmdir"))).toHaveLength(3);
    expect(owned.size).toBe(0);
    expect((await confined.usage()).oomKills).toBe(1);
  });

  it("says why it cannot work", async () => {
    expect(await cgroup.detect(fakeHost("v2", false).host, {})).toMatchObject({
      available: false,
      reason: expect.stringContaining("root"),
    });
    const without = { root: true } as LimiterHost;
    expect(await cgroup.detect(without, {})).toMatchObject({
      available: false,
      reason: expect.stringContaining("control groups"),
    });
  });
});
