import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controlGroupFrom, limitsAround, parseProcCgroup } from "../../../../src/core/process/kernel/cgroup.ts";

let mount: string;
beforeEach(async () => {
  mount = await mkdtemp(join(tmpdir(), "cgroup-"));
});
afterEach(() => rm(mount, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(mount, path)), { recursive: true });
  await writeFile(join(mount, path), text);
}

describe("control groups, version 1", () => {
  const proc = "5:memory:/lab\n4:cpu,cpuacct:/lab\n1:name=systemd:/\n0::/\n";

  it("reads the counters in seconds and bytes", async () => {
    await put("cpuacct/lab/cpuacct.usage", "2500000000\n");
    await put("cpuacct/lab/cpuacct.stat", "user 91\nsystem 159\n");
    await put("cpuacct/lab/cpuacct.usage_user", "2400000000\n");
    await put("cpuacct/lab/cpuacct.usage_sys", "100000000\n");
    await put(
      "cpu/lab/cpu.stat",
      "nr_periods 10\nnr_throttled 4\nthrottled_time 300000000\nnr_bursts 0\nburst_time 0\n",
    );
    await put("memory/lab/memory.usage_in_bytes", "1000\n");
    await put("memory/lab/memory.max_usage_in_bytes", "2000\n");
    await put("memory/lab/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
    expect(await controlGroupFrom(proc, mount).usage()).toEqual({
      cpuSeconds: 2.5,
      userCpuSeconds: 0.91,
      systemCpuSeconds: 1.59,
      periods: 10,
      throttledPeriods: 4,
      throttledSeconds: 0.3,
      memoryBytes: 1000,
      memoryPeakBytes: 2000,
      oomKills: 1,
    });
  });

  it("has user and system time in nanoseconds where there are no ticks", async () => {
    await put("cpuacct/lab/cpuacct.usage_user", "1199101000068\n");
    await put("cpuacct/lab/cpuacct.usage_sys", "639897967013\n");
    expect(await controlGroupFrom(proc, mount).usage()).toEqual({
      userCpuSeconds: 1199.101000068,
      systemCpuSeconds: 639.897967013,
    });
  });

  it("leaves out what the kernel does not count", async () => {
    await put("cpuacct/lab/cpuacct.usage", "0\n");
    expect(await controlGroupFrom(proc, mount).usage()).toEqual({ cpuSeconds: 0 });
  });

  it("reads no limit as no limit", async () => {
    await put("cpu/lab/cpu.cfs_quota_us", "-1\n");
    await put("cpu/lab/cpu.cfs_period_us", "100000\n");
    await put("memory/lab/memory.limit_in_bytes", "9223372036854771712\n");
    expect(await controlGroupFrom(proc, mount).limits()).toEqual({});
  });

  it("reads limits in cores and bytes", async () => {
    await put("cpu/lab/cpu.cfs_quota_us", "30000\n");
    await put("cpu/lab/cpu.cfs_period_us", "100000\n");
    await put("memory/lab/memory.limit_in_bytes", "67108864\n");
    expect(await controlGroupFrom(proc, mount).limits()).toEqual({
      cpu: 0.3,
      periodSeconds: 0.1,
      memoryBytes: 67108864,
    });
  });
});

describe("control groups, version 2", () => {
  const proc = "0::/lab.slice/x\n";

  it("reads the counters in seconds and bytes", async () => {
    await put(
      "lab.slice/x/cpu.stat",
      "usage_usec 1500000\nuser_usec 400000\nsystem_usec 1100000\nnr_periods 7\nnr_throttled 2\nthrottled_usec 500000\n",
    );
    await put("lab.slice/x/memory.current", "10\n");
    await put("lab.slice/x/memory.peak", "20\n");
    await put("lab.slice/x/memory.events", "low 0\noom 1\noom_kill 1\n");
    expect(await controlGroupFrom(proc, mount).usage()).toEqual({
      cpuSeconds: 1.5,
      userCpuSeconds: 0.4,
      systemCpuSeconds: 1.1,
      periods: 7,
      throttledPeriods: 2,
      throttledSeconds: 0.5,
      memoryBytes: 10,
      memoryPeakBytes: 20,
      oomKills: 1,
    });
  });

  it("knows no throttled time where there is no cpu controller, which then is not 0", async () => {
    await put("lab.slice/x/cpu.stat", "usage_usec 90\nuser_usec 60\nsystem_usec 30\n");
    expect(await controlGroupFrom(proc, mount).usage()).toEqual({
      cpuSeconds: 9e-5,
      userCpuSeconds: 6e-5,
      systemCpuSeconds: 3e-5,
    });
  });

  it("reads limits, and max as none", async () => {
    await put("lab.slice/x/cpu.max", "25000 100000\n");
    await put("lab.slice/x/memory.max", "max\n");
    expect(await controlGroupFrom(proc, mount).limits()).toEqual({ cpu: 0.25, periodSeconds: 0.1 });
    await put("lab.slice/x/cpu.max", "max 100000\n");
    expect(await controlGroupFrom(proc, mount).limits()).toEqual({});
  });
});

it("a path with colons in /proc/PID/cgroup stays whole", () => {
  expect(parseProcCgroup("0::/a:b\n").get("")).toBe("/a:b");
});

describe("the limits around a process", () => {
  it("are the lowest of its control group and those above it, in version 2", async () => {
    await put("cpu.max", "max 100000\n");
    await put("pods/cpu.max", "150000 100000\n");
    await put("pods/lab/cpu.max", "200000 100000\n");
    await put("pods/memory.max", "max\n");
    await put("pods/lab/memory.max", "67108864\n");
    expect(limitsAround("0::/pods/lab\n", mount)).toEqual({ cpu: 1.5, memoryBytes: 67108864 });
    expect(limitsAround("0::/\n", mount)).toEqual({});
  });

  it("are found at the mount where the path is that of another namespace, in version 1", async () => {
    await put("cpu/cpu.cfs_quota_us", "50000\n");
    await put("cpu/cpu.cfs_period_us", "100000\n");
    await put("memory/memory.limit_in_bytes", "1048576\n");
    const proc = "2:memory:/docker/abc\n1:cpu:/docker/abc\n";
    expect(limitsAround(proc, mount)).toEqual({ cpu: 0.5, memoryBytes: 1048576 });
  });
});
