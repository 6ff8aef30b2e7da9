import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LabEvent } from "../../src/core/records/events.ts";

const MiB = 1024 * 1024;
const checkout = resolve(".");
const node = `${checkout}/node_modules/.bin/node`;
const name = `lab-systemd-${process.pid}`;
const groups = "/sys/fs/cgroup";
const onVersion2 = "systemd is booted in a container only where control groups are of version 1";
const run = promisify(execFile);
const docker = async (...args: string[]) => (await run("docker", args, { maxBuffer: 2 ** 26 })).stdout.trim();

async function missing(): Promise<string> {
  if (process.env.LAB_REQUIRE === "all") return "";
  if (existsSync(`${groups}/cgroup.controllers`)) return onVersion2;
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  if (!["/usr/sbin/debootstrap", "/usr/bin/debootstrap"].some(existsSync)) return "no debootstrap on this machine";
  if (!existsSync(node)) return "no Node in node_modules/.bin";
  return docker("version", "--format", "{{.Server.Version}}").then(
    () => "",
    () => "no Docker daemon answers",
  );
}
const why = await missing();

/** systemd as process 1, in a container with a Debian of its own, this checkout, and no network but its loopback. */
const boot = [
  ...["run", "--detach", "--name", name, "--hostname", "lab", "--network", "none", "--cgroupns=host"],
  ...["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_NICE"].flatMap((capability) => ["--cap-add", capability]),
  ...["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
  ...cgroupMounts(),
  ...["--volume", `${checkout}:${checkout}:ro`, "--tmpfs", "/run", "--tmpfs", "/tmp:exec", "--env", "container=docker"],
  ...["--ulimit", "nofile=16384:16384", name, "/lib/systemd/systemd"],
];

/**
 * This machine's control groups, one by one: systemd adds folders beside them and makes the folder above read-only, which
 * must stay inside. On version 2, whose one tree it would share with this machine, that has not been tried.
 */
function cgroupMounts(): string[] {
  const names = readdirSync(groups).filter((one) => existsSync(`${groups}/${one}/cgroup.procs`));
  return ["--tmpfs", groups, ...names.flatMap((one) => ["--volume", `${groups}/${one}:${groups}/${one}`])];
}

describe.skipIf(why)(`the systemd-run limiter (${why || "with systemd in a container"})`, () => {
  let container = "";

  beforeAll(async () => {
    if (existsSync(`${groups}/cgroup.controllers`)) throw new Error(onVersion2);
    const tar = (await run("scripts/systemd-root.sh")).stdout.trim();
    await docker("import", tar, name);
    container = await docker(...boot);
    const state = () => inside("systemctl", "is-system-running").catch((error) => String(error.stdout).trim());
    await vi.waitFor(async () => expect(await state()).toMatch(/^(running|degraded)$/), {
      timeout: 60_000,
      interval: 250,
    });
  }, 600_000);

  afterAll(async () => {
    await docker("rm", "--force", "--volumes", name).catch(() => {});
    await docker("rmi", name).catch(() => {});
  });

  function inside(...command: string[]): Promise<string> {
    const env = ["NODE_COMPILE_CACHE=/tmp/compiled", "HOME=/root"].flatMap((one) => ["--env", one]);
    return docker("exec", "--workdir", checkout, ...env, name, ...command);
  }

  async function scene(id: string) {
    const printed = await inside(node, "--disable-warning=ExperimentalWarning", "test/fixtures/systemd-inside.ts", id);
    return JSON.parse(printed);
  }

  /** Units of the lab, their files, and the groups and processes that are left of them. */
  function leftovers(): Promise<string> {
    const look = [
      "systemctl list-units --all --plain --no-legend 'proxy-lab*'",
      `find /sys/fs/cgroup -path '*${container}*' -name 'proxy-lab*'`,
      "find /run/systemd /tmp -name '*proxy-lab*'",
      "grep -lsz -e '432[1]' -e '214748364[7]' -e 'watchdo[g]' /proc/[0-9]*/cmdline",
    ];
    return inside("sh", "-c", `${look.join("; ")}; true`);
  }

  async function expectNothingLeft(): Promise<void> {
    await expect.poll(leftovers, { timeout: 5_000, interval: 100 }).toBe("");
  }

  it("finds systemd and its version, and that version 1 of control groups is not for users", async () => {
    expect(await scene("detect")).toMatchObject({ available: true, version: expect.stringMatching(/^\d+ \(system/) });
    expect(await scene("user")).toMatchObject({ available: false, reason: expect.stringContaining("version 1") });
  });

  it("sets, changes and lifts limits of a running program, and holds it to them by the kernel's counters", async () => {
    const { seen, lifted, usage, refused, groups, stay } = await scene("limits");
    for (const { asked, inForce, cpu } of seen) {
      expect(inForce.memoryBytes).toBe(64 * MiB);
      if (asked.cpu === undefined) {
        expect(inForce).not.toHaveProperty("cpu");
        expect(cpu).toBeGreaterThan(0.65);
      } else {
        expect(inForce.cpu).toBeCloseTo(asked.cpu, 6);
        expect(inForce.periodSeconds).toBe(asked.periodSeconds ?? 0.1);
        expect(cpu).toBeLessThan(asked.cpu * 1.1);
        expect(cpu).toBeGreaterThan(asked.cpu * 0.8); // other work on the machine may keep it below its limit
      }
    }
    expect(lifted).toEqual({});
    expect(usage.throttledPeriods).toBeGreaterThan(20);
    expect(usage.oomKills).toBe(0);
    expect(refused).toContain("no quota under 1000 us");
    expect(groups.length).toBeGreaterThan(0);
    expect(stay).toEqual([]);
    await expectNothingLeft();
  });

  it("gives the program its environment, folder, cores and limit on open files, and nothing more", async () => {
    const { printed, scratch, cores, swappiness, exit, stopMs, used } = await scene("world");
    expect(printed).toContain(`\n1234\n${scratch}\nready`);
    const variables = [...printed.matchAll(/^(\w+)=/gm)].map(([, one]) => one).sort();
    expect(variables.filter((one) => one !== "PWD" && one !== "OLDPWD")).toEqual(["HOME", "PATH"]);
    expect(cores).toBe("0");
    expect(swappiness ?? "0").toBe("0");
    expect(exit).toEqual({ signal: "SIGTERM" });
    expect(stopMs).toBeLessThan(3_000);
    expect(used.memoryBytes).toBeLessThan(4 * MiB);
    await expectNothingLeft();
  });

  it("counts a kill at the memory limit, also after the unit is gone", async () => {
    const { exit, usage } = await scene("oom");
    expect(exit).toEqual({ signal: "SIGKILL" });
    expect(usage.oomKills).toBe(1);
    expect(usage.memoryPeakBytes).toBe(32 * MiB);
    await expectNothingLeft();
  });

  it("ends a program that does not heed SIGTERM, and children that left its process group", async () => {
    expect(await scene("stubborn")).toEqual({ exit: { signal: "SIGKILL" }, owned: [] });
    await expectNothingLeft();
  });

  it("passes on how a program ended at once, and what was said of one that is not there", async () => {
    const { exit, never, tail } = await scene("missing");
    expect(exit).toEqual({ code: 7 });
    expect(never).toEqual({ code: 127 });
    expect(tail).toContain("/nowhere/at/all");
    await expectNothingLeft();
  });

  it("leaves nothing when the lab is killed", async () => {
    await expect(scene("killed")).rejects.toMatchObject({ code: 137 });
    await expectNothingLeft();
  });

  it("measures HAProxy at 0.3 CPU and 64 MiB", async () => {
    const point = ["--cpu", "0.3", "--memory", "64M", "--window", "3s", "--warmup", "1s"];
    const parts = ["--proxy", "haproxy", "--load", "wrk", "--limiter", "systemd-run"];
    const printed = await inside("./lab", "run", ...parts, ...point, "--store", "/tmp/lab.sqlite", "--json");
    const events = printed.split("\n").map((line) => JSON.parse(line) as LabEvent);
    const [record] = events.flatMap((event) => (event.type === "trial-finished" ? [event.record] : []));
    expect(record).toMatchObject({ status: "completed", limitsInForce: { cpu: 0.3, memoryBytes: 64 * MiB } });
    expect(record!.result!.completedRequests).toBeGreaterThan(100);
    expect(record!.usage!.cpuAchieved! / 0.3).toBeGreaterThan(0.9);
    expect(record!.usage!.cpuAchieved! / 0.3).toBeLessThan(1.1);
    expect(record!.usage!.memoryPeakBytes).toBeLessThanOrEqual(64 * MiB);
    await expectNothingLeft();
  });
});
