import { describe, expect, it } from "vitest";
import type {
  Exit,
  Host,
  Launch,
  LimiterHost,
  Limits,
  ProbeResult,
  UsageCounters,
} from "../../../src/core/contract/index.ts";
import limiter from "../../../src/plugins/limiters/systemd-run.ts";

const MiB = 1024 * 1024;
const unit = "proxy-lab-1-0.scope";
const launch: Launch = {
  name: "haproxy",
  argv: ["haproxy", "-f", "/scratch/haproxy.cfg"],
  executable: "/usr/sbin/haproxy",
  env: { PATH: "/usr/bin" },
  scratchDir: "/scratch",
  readOnlyDirs: [],
  cores: [0],
  openFiles: 8192,
};
const ok: ProbeResult = { code: 0, stdout: "", stderr: "" };
const memberships = {
  v1: `5:memory:/system.slice/${unit}\n4:cpu,cpuacct:/system.slice/${unit}\n1:name=systemd:/system.slice/${unit}\n0::/\n`,
  v2: `0::/system.slice/${unit}\n`,
};

interface World {
  readonly version?: "v1" | "v2";
  readonly root?: boolean;
  readonly env?: Host["env"];
  readonly files?: Record<string, string>;
  readonly answers?: (command: string) => ProbeResult | undefined;
  /** The kernel leaves limits as they were. */
  readonly deaf?: boolean;
  /** systemd-run ends before the program does. */
  readonly fails?: Exit;
}

/** A machine run by systemd. What it is told is in `log`; its program runs until `end` is called or it is stopped. */
function fakeHost({ version = "v2", root = true, env = {}, files = {}, answers, deaf = false, fails }: World = {}) {
  const log: string[] = [];
  const owned = new Set<string>();
  const started: Launch[] = [];
  const { promise: exited, resolve: end } = Promise.withResolvers<Exit>();
  let usage: UsageCounters = { cpuSeconds: 1, oomKills: 0 };
  let kernel: Limits = {};
  let busy = 2;
  if (fails) end(fails);

  function hear(settings: readonly string[]): void {
    const value = (key: string) => settings.findLast((one) => one.startsWith(`${key}=`))?.slice(key.length + 1) ?? "";
    const [quota, memory] = [Number.parseFloat(value("CPUQuota")), Number(value("MemoryMax"))];
    kernel = {
      ...(Number.isNaN(quota)
        ? {}
        : { cpu: quota / 100, periodSeconds: Number.parseInt(value("CPUQuotaPeriodSec"), 10) / 1e6 }),
      ...(Number.isNaN(memory) ? {} : { memoryBytes: memory - (memory % 4096) }),
    };
  }

  const host = {
    platform: "linux",
    root,
    cgroupVersion: version,
    env,
    uniqueName: () => "proxy-lab-1-0",
    findProgram: async () => ({ available: true, executable: "/usr/bin/systemd-run", version: "252" }),
    readText: async (path: string) =>
      ({
        "/proc/1/comm": "systemd\n",
        "/proc/10/stat": fails ? "" : "10 (a) b) T 1",
        "/proc/10/cgroup": memberships[version],
        ...files,
      })[path],
    writeText: async (path: string, text: string) => void log.push(`${path} = ${text}`),
    makeDir: async (path: string) => void log.push(`mkdir ${path}`),
    removeDir: async (path: string) => {
      log.push(`rmdir ${path}`);
      if (busy-- > 0) throw new Error("busy");
    },
    own: ({ path }: { path: string }) => {
      owned.add(path);
      return () => void owned.delete(path);
    },
    controlGroup: async () => ({ usage: async () => usage, limits: async () => kernel }),
    async probe(argv: string[]) {
      const command = argv.join(" ");
      log.push(command);
      if (command.includes("set-property") && !deaf) hear(argv);
      if (command.includes(" stop ")) usage = {};
      return answers ? answers(command) : ok;
    },
    async launch(one: Launch) {
      started.push(one);
      const keeper = one.name.includes("keeper");
      log.push(`launch ${one.name}`);
      if (!keeper) hear(one.argv.map((argument) => argument.replace("--property=", "")));
      const stop = async () => {
        log.push(`stop ${one.name}`);
        if (!keeper) end({ signal: "SIGTERM" });
      };
      return { pid: keeper ? 20 : 10, exited: keeper ? new Promise(() => {}) : exited, tail: () => "last words", stop };
    },
  } as unknown as LimiterHost;
  return { host, log, owned, started, end, oom: () => Object.assign(usage, { oomKills: 1 }) };
}

const limits = { cpu: 0.25, memoryBytes: 64 * MiB };
const removal = ["kill --signal=SIGKILL", "stop", "reset-failed"].map((verb) => `systemctl --system ${verb} ${unit}`);

describe("the systemd-run limiter", () => {
  it("starts the program in a scope with its limits, on the cores and with the open files it was given", async () => {
    const { host, started } = fakeHost();
    await limiter.start(launch, limits, host, {});
    const [scope] = started;
    expect(scope).toMatchObject({ executable: "/usr/bin/systemd-run", cores: [0], openFiles: 8192, env: launch.env });
    const before = scope!.argv.slice(0, scope!.argv.indexOf("--"));
    expect(before).toEqual([
      "systemd-run",
      "--system",
      "--scope",
      "--quiet",
      "--collect",
      `--unit=${unit}`,
      "--slice=system.slice",
      "--property=CPUAccounting=yes",
      "--property=MemoryAccounting=yes",
      "--property=Delegate=cpu memory",
      "--property=CPUQuotaPeriodSec=100000us",
      "--property=CPUQuota=25%",
      "--property=MemoryMax=67108864",
      "--property=MemorySwapMax=0",
    ]);
    expect(scope!.argv.slice(-4)).toEqual(["haproxy", "/usr/sbin/haproxy", "-f", "/scratch/haproxy.cfg"]);
  });

  it("lets the program run only once its limits are in force and its counters will outlive it", async () => {
    const { host, log } = fakeHost();
    await limiter.start(launch, limits, host, {});
    expect(log).toEqual([
      "launch haproxy",
      "launch haproxy keeper",
      `busctl --system call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager AttachProcessesToUnit ssau ${unit}  1 20`,
      "sh -c kill -CONT $0 10",
    ]);
  });

  it.each([
    ["v1", ["cpu", "memory"].map((one) => `/sys/fs/cgroup/${one}/system.slice/${unit}`)],
    ["v2", [`/sys/fs/cgroup/system.slice/${unit}`]],
  ] as const)("owns the groups of its unit on %s until the program has ended", async (version, folders) => {
    const { host, owned, end } = fakeHost({ version });
    const confined = await limiter.start(launch, limits, host, {});
    expect([...owned]).toEqual(folders);
    end({ code: 0 });
    await confined.exited;
    expect(owned.size).toBe(0);
  });

  it("counts CPU time in a group of its own on version 1 where cpuacct is mounted apart, which systemd passes over", async () => {
    const membership = `3:memory:/system.slice/${unit}\n2:cpuacct:/\n1:cpu:/system.slice/${unit}\n`;
    const { host, log, owned, end } = fakeHost({ version: "v1", files: { "/proc/10/cgroup": membership } });
    const confined = await limiter.start(launch, limits, host, {});
    const folder = `/sys/fs/cgroup/cpuacct/${unit}`;
    expect(log.filter((line) => line.includes("cpuacct"))).toEqual([`mkdir ${folder}`, `${folder}/cgroup.procs = 10`]);
    expect([...owned]).toContain(folder);
    end({ code: 0 });
    await confined.exited;
    expect(log.slice(-3)).toEqual(Array(3).fill(`rmdir ${folder}`));
    expect(owned.size).toBe(0);
  });

  it("keeps the program from swap itself on version 1, where systemd has no setting for it", async () => {
    const write = `/sys/fs/cgroup/memory/system.slice/${unit}/memory.swappiness = 0`;
    for (const version of ["v1", "v2"] as const) {
      const { host, log } = fakeHost({ version });
      await limiter.start(launch, limits, host, {});
      expect(log.includes(write)).toBe(version === "v1");
    }
  });

  it("starts without a quota when none is asked for, sets one while the program runs, and lifts it", async () => {
    const { host, log, started } = fakeHost();
    const confined = await limiter.start(launch, {}, host, {});
    expect(started[0]!.argv).toEqual(expect.arrayContaining(["--property=CPUQuota=", "--property=MemoryMax=infinity"]));
    await confined.update({ cpu: 0.123_45, periodSeconds: 0.02, memoryBytes: MiB });
    expect(log.at(-1)).toBe(
      `systemctl --system set-property --runtime ${unit} CPUQuotaPeriodSec=20000us CPUQuota=12.35% MemoryMax=1048576 MemorySwapMax=0`,
    );
    await confined.update({});
    expect(log.at(-1)).toMatch(/CPUQuota= MemoryMax=infinity MemorySwapMax=infinity$/);
    expect(await confined.limits()).toEqual({});
  });

  it("fails when systemd takes a limit that the kernel does not have in force", async () => {
    const { host } = fakeHost({ deaf: true });
    const confined = await limiter.start(launch, limits, host, {});
    const refused: [Limits, string][] = [
      [{ ...limits, cpu: 0.5 }, "0.25 CPU instead of 0.5"],
      [{ ...limits, memoryBytes: 32 * MiB }, "67108864 bytes instead of 33554432"],
      [{ ...limits, periodSeconds: 0.05 }, "a period of 0.1 s instead of 0.05"],
      [{ memoryBytes: 64 * MiB }, "0.25 CPU instead of none"],
    ];
    await Promise.all(refused.map(([wanted, message]) => expect(confined.update(wanted)).rejects.toThrow(message)));
  });

  it("refuses limits that the kernel or systemd would change silently, before it starts anything", async () => {
    const { host, log } = fakeHost();
    await expect(limiter.start(launch, { cpu: 0.05, periodSeconds: 0.01 }, host, {})).rejects.toThrow("500 us");
    await expect(limiter.start(launch, { cpu: 0.5, periodSeconds: 2 }, host, {})).rejects.toThrow(/\b1 s\b/);
    expect(log).toEqual([]);
  });

  it("removes its unit when the program ends, and still knows that it was killed for memory", async () => {
    const { host, log, end, oom } = fakeHost();
    const confined = await limiter.start(launch, limits, host, {});
    oom();
    end({ signal: "SIGKILL" });
    expect(await confined.exited).toEqual({ signal: "SIGKILL" });
    expect(log.slice(-4)).toEqual(["stop haproxy keeper", ...removal]);
    expect(await confined.usage()).toEqual({ cpuSeconds: 1, oomKills: 1 });
  });

  it("resolves stop once the unit is gone", async () => {
    const { host, log } = fakeHost();
    const confined = await limiter.start(launch, limits, host, {});
    await confined.stop(100);
    expect(log.slice(-5)).toEqual(["stop haproxy", "stop haproxy keeper", ...removal]);
  });

  it("says what systemd-run said when it cannot start the program, and leaves nothing", async () => {
    const { host, log } = fakeHost({ fails: { code: 1 } });
    await expect(limiter.start(launch, limits, host, {})).rejects.toThrow(/\b1\b.*: last words$/);
    expect(log.slice(-5)).toEqual(["stop haproxy", "stop haproxy keeper", ...removal]);
  });

  it("says what systemd said when it refuses a call, and leaves nothing", async () => {
    const refuse = (part: string) => (command: string) =>
      command.includes(part) ? { code: 1, stdout: "", stderr: "Access denied\nmore" } : ok;
    const attach = fakeHost({ answers: refuse("AttachProcesses") });
    await expect(limiter.start(launch, limits, attach.host, {})).rejects.toThrow(/: Access denied$/);
    expect(attach.log.slice(-4)).toEqual(["stop haproxy keeper", ...removal]);
    expect(attach.owned.size).toBe(0);
    const confined = await limiter.start(launch, limits, fakeHost({ answers: refuse("set-property") }).host, {});
    await expect(confined.update({ cpu: 0.5 })).rejects.toThrow(/: Access denied$/);
  });

  it("hides from the program what only systemd-run of a user needs", async () => {
    const env = { XDG_RUNTIME_DIR: "/run/user/1000", HTTP_PROXY: "http://example" };
    const { host, started, log } = fakeHost({ root: false, env });
    await limiter.start(launch, limits, host, {});
    const [scope] = started;
    expect(scope!.env).toEqual({ ...launch.env, XDG_RUNTIME_DIR: "/run/user/1000" });
    expect(scope!.argv).toEqual(expect.arrayContaining(["--user", "--slice=app.slice"]));
    expect(scope!.argv.join(" ")).toContain("unset INVOCATION_ID XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS;");
    expect(log.some((line) => line.startsWith("busctl --user "))).toBe(true);
  });
});

describe("the systemd-run limiter says why it cannot work", () => {
  const delegated = "/sys/fs/cgroup/user.slice/user@7.service";
  const userManager = (command: string) =>
    command.includes("--user") ? { ...ok, stdout: "/user.slice/user@7.service\n" } : ok;
  const silent = () => ({ code: 1, stdout: "", stderr: "Failed to connect to bus: No medium found\n" });
  const controllers = (names: string) => ({ [`${delegated}/cgroup.controllers`]: `${names}\n` });

  it.each<[string, World, Record<string, unknown>, RegExp]>([
    ["process 1 is another program", { files: { "/proc/1/comm": "tini\n" } }, {}, /\btini\b/],
    ["systemd does not answer", { answers: silent }, {}, /: Failed to connect to bus: No medium found$/],
    ["the system's manager is asked for without root", { root: false }, { manager: "system" }, /\broot\b/],
    ["a user's manager is asked for on version 1", { version: "v1", root: false }, {}, /version 1/],
    ["no manager of the user answers", { root: false, answers: silent }, {}, /\bmanager of this user\b/],
    [
      "the user was not given the cpu controller",
      { root: false, answers: userManager, files: controllers("memory pids") },
      {},
      /\buser\b.*\bcpu$/,
    ],
  ])("where %s", async (_, world, options, reason) => {
    const found = await limiter.detect(fakeHost(world).host, options);
    expect(found).toMatchObject({ available: false, reason: expect.stringMatching(reason) });
    expect(found).toHaveProperty("help");
  });

  it("and that it can, with the version and the manager", async () => {
    const root = await limiter.detect(fakeHost().host, {});
    expect(root).toEqual({ available: true, version: "252 (system manager)" });
    const world = { root: false, answers: userManager, files: controllers("cpuset cpu io memory pids") };
    expect(await limiter.detect(fakeHost(world).host, {})).toEqual({ available: true, version: "252 (user manager)" });
  });
});
