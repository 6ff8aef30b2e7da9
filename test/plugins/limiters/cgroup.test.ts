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

interface World {
  readonly root?: boolean;
  /** Files that can be read, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The kernel does not take what is written to a path with this ending. */
  readonly refuses?: string;
  /** How often a group cannot be removed. */
  readonly busy?: number;
  /** What left the process group keeps the program from being seen to end until it is killed. */
  readonly stray?: boolean;
  /** The program cannot be started. */
  readonly broken?: boolean;
}

const outer = "/sys/fs/cgroup/proxy-lab-1-0";
const group = `${outer}/program`;

/** A host that remembers what it was told, with a process that runs until `end` is called or it is stopped. */
function fakeHost(version: "v1" | "v2", world: World = {}) {
  const { root = true, files = { [`${group}/memory.swap.max`]: "max\n" }, refuses = "nothing", stray, broken } = world;
  const writes: string[] = [];
  let busy = world.busy ?? 0;
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
      if (busy-- > 0) throw new Error("busy");
      usage = {};
    },
    readText: async (path: string) => files[path],
    async writeText(path: string, text: string) {
      if (path.endsWith(refuses)) throw new Error("no such file");
      writes.push(`${path} = ${text}`);
      if (path.endsWith("/cgroup.kill")) end();
    },
    async probe(argv: string[]) {
      writes.push(argv.join(" "));
      end();
    },
    own: ({ path }: { path: string }) => {
      owned.add(path);
      return () => void owned.delete(path);
    },
    controlGroup: async () => ({ usage: async () => usage, limits: async () => ({}) }),
    launch: async (_: Launch, options: { cgroups: string[] }) => {
      if (broken) throw new Error("no such program");
      writes.push(`launch in ${options.cgroups.join(" ")}`);
      const stop = async () => {
        writes.push("stop");
        if (!stray) end();
        await exited;
      };
      return { pid: 4_000_000, exited, tail: () => "", stop };
    },
  } as unknown as LimiterHost;
  return { host, writes, owned, end, oom: () => Object.assign(usage, { oomKills: 1 }) };
}

const endOf = (text: string) => new RegExp(`/${text}$`);
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
      "/sys/fs/cgroup/proxy-lab-1-0/cgroup.subtree_control = +cpu +memory",
      "mkdir /sys/fs/cgroup/proxy-lab-1-0/program",
      "/sys/fs/cgroup/proxy-lab-1-0/program/cpu.max = 25000 100000",
      "/sys/fs/cgroup/proxy-lab-1-0/program/memory.max = 67108864",
      "/sys/fs/cgroup/proxy-lab-1-0/program/memory.swap.max = 0",
      "launch in /sys/fs/cgroup/proxy-lab-1-0/program",
    ]);
  });

  it.each([
    ["v1", "/sys/fs/cgroup/cpu/proxy-lab-1-0/cpu.cfs_quota_us = -1"],
    ["v2", "/sys/fs/cgroup/proxy-lab-1-0/program/cpu.max = max 100000"],
  ] as const)(
    "starts without a quota on %s when none is asked for, and sets one while the program runs",
    async (version, none) => {
      const { host, writes } = fakeHost(version);
      const confined = await cgroup.start(launch, {}, host, {});
      expect(writes).toContain(none);
      await confined.update({ cpu: 0.5, periodSeconds: 0.01 });
      expect(writes).toContainEqual(expect.stringMatching(/= 5000( 10000)?$/));
    },
  );

  it.each([
    ["v1", ["cpu/proxy-lab-1-0/cpu.cfs_quota_us = -1", "memory/proxy-lab-1-0/memory.limit_in_bytes = -1"]],
    ["v2", ["cpu.max = max 100000", "memory.max = max", "memory.swap.max = max"]],
  ] as const)("lifts limits on %s that are no longer asked for", async (version, lifted) => {
    const { host, writes } = fakeHost(version);
    const confined = await cgroup.start(launch, limits, host, {});
    const before = writes.length;
    await confined.update({});
    for (const end of lifted) expect(writes.slice(before)).toContainEqual(expect.stringMatching(endOf(end)));
  });

  it("limits memory on version 2 also where the kernel has no swap to keep it from", async () => {
    const { host, writes } = fakeHost("v2", { files: {} });
    await cgroup.start(launch, limits, host, {});
    expect(writes).toContain(`${group}/memory.max = 67108864`);
    expect(writes.join()).not.toContain("swap");
  });

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

  it("kills what is still in its group, whatever process group it is in", async () => {
    const { host, writes, owned } = fakeHost("v2", { busy: 2 });
    const confined = await cgroup.start(launch, limits, host, {});
    await confined.stop();
    expect(writes.slice(-7)).toEqual([
      "stop",
      `rmdir ${group}`,
      `${group}/cgroup.kill = 1`,
      `rmdir ${group}`,
      `${group}/cgroup.kill = 1`,
      `rmdir ${group}`,
      `rmdir ${outer}`,
    ]);
    expect(owned.size).toBe(0);
  });

  it.each([
    ["v1", "/sys/fs/cgroup/cpu/proxy-lab-1-0"],
    ["v2", group],
  ] as const)("kills them one by one on %s of a kernel that cannot kill a group", async (version, dir) => {
    const world = { busy: 1, refuses: "/cgroup.kill", files: { [`${dir}/cgroup.procs`]: "0\n1\n12\n34\n" } };
    const { host, writes } = fakeHost(version, world);
    const confined = await cgroup.start(launch, limits, host, {});
    await confined.stop();
    expect(writes).toContain('sh -c kill -KILL "$@" sh 12 34');
  });

  it("ends a program whose children keep it from being seen to end", async () => {
    const { host, writes } = fakeHost("v2", { stray: true });
    const confined = await cgroup.start(launch, limits, host, {});
    await confined.stop(0);
    expect(writes.slice(-4)).toEqual(["stop", `${group}/cgroup.kill = 1`, `rmdir ${group}`, `rmdir ${outer}`]);
  });

  it("leaves a group that it cannot remove to the lab's own clean-up", { timeout: 10_000 }, async () => {
    const { host, owned } = fakeHost("v2", { busy: Number.POSITIVE_INFINITY });
    const confined = await cgroup.start(launch, limits, host, {});
    await confined.stop();
    expect(await confined.exited).toEqual({ code: 137 });
    expect([...owned]).toEqual([group, outer]);
  });

  it.each([
    ["the kernel refuses a limit", { refuses: "/cpu.max" }, "no such file"],
    ["the program cannot be started", { broken: true }, "no such program"],
  ])("leaves nothing when %s", async (_, world, message) => {
    const { host, writes, owned } = fakeHost("v2", world);
    await expect(cgroup.start(launch, limits, host, {})).rejects.toThrow(message);
    expect(writes.slice(-2)).toEqual([`rmdir ${group}`, `rmdir ${outer}`]);
    expect(owned.size).toBe(0);
  });

  it("says why it cannot work", async () => {
    expect(await cgroup.detect(fakeHost("v2", { root: false }).host, {})).toMatchObject({
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
