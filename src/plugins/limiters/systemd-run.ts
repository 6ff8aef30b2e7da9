import { setTimeout as sleep } from "node:timers/promises";
import {
  type Confined,
  type Detection,
  defineLimiter,
  type Exit,
  type Host,
  type Launch,
  type LimiterHost,
  type Limits,
  type PluginOptions,
  type ProbeResult,
  type Process,
  type Program,
  type UsageCounters,
} from "../../core/contract/index.ts";

const mount = "/sys/fs/cgroup";
const defaultPeriodSeconds = 0.1;
/** What the kernel takes as quota, at least, and systemd as period, at most. */
const minimumQuotaSeconds = 0.001;
const maximumPeriodSeconds = 1;
/** CPUQuota= is in hundredths of a percent of a core. */
const cpuStep = 0.0001;
const largestPage = 65_536;
const startWaitMs = 10_000;
const updateWaitMs = 2_000;
const defaultGraceMs = 2_000;
const strayWaitMs = 500;
const pollMs = 5;

const systemdRun: Program = {
  executables: ["systemd-run"],
  versionArguments: ["--version"],
  versionPattern: "systemd (\\d+)",
  install: { apt: ["systemd"] },
};

type Manager = "system" | "user";

/**
 * Runs programs in transient scopes of systemd: children of the lab, in a unit whose limits systemd sets.
 * Option `manager`: "system" (needs root) or "user" (needs version 2 of control groups, with cpu and memory delegated);
 * unless given, "system" for root and "user" for others.
 */
export default defineLimiter({
  id: "systemd-run",
  title: "systemd-run",
  supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
  minimum: { cpu: 0.01, memoryBytes: 1024 * 1024 },

  async detect(host, options): Promise<Detection> {
    const manager = managerOf(options, host);
    const first = (await host.readText("/proc/1/comm"))?.trim();
    if (host.platform !== "linux" || first !== "systemd") {
      const instead = host.platform !== "linux" ? `this is ${host.platform}` : `process 1 is ${first ?? "unknown"}`;
      return { available: false, reason: `systemd does not run this machine: ${instead}`, help: "use another limiter" };
    }
    if (host.cgroupVersion === undefined) {
      return { available: false, reason: "this machine has no control groups with a cpu controller" };
    }
    const found = await host.findProgram(systemdRun);
    if (!found.available) return found;
    const obstacle = manager === "system" ? await systemObstacle(host) : await userObstacle(host);
    return obstacle ?? { available: true, version: `${found.version ?? "of unknown version"} (${manager} manager)` };
  },

  async start(launch, limits, host, options): Promise<Confined> {
    const manager = managerOf(options, host);
    const settings = properties(limits);
    const found = await host.findProgram(systemdRun);
    if (!found.available) throw new Error(found.reason);
    const unit = new Unit(`${host.uniqueName()}.scope`, manager, host);
    const child = await host.launch({
      ...launch,
      argv: ["systemd-run", ...unit.creation(settings), ...gate(launch, manager)],
      executable: found.executable ?? "systemd-run",
      env: { ...launch.env, ...busAddress(manager, host) },
    });
    return confine({ child, launch, unit }, limits, host);
  },
});

function managerOf({ manager }: PluginOptions, host: Host): Manager {
  if (manager === undefined) return host.root ? "system" : "user";
  if (manager === "system" || manager === "user") return manager;
  throw new Error(`the option manager must be "system" or "user", not ${JSON.stringify(manager)}`);
}

async function systemObstacle(host: Host): Promise<Detection | undefined> {
  if (!host.root) {
    return {
      available: false,
      reason: "units of the system's manager need root",
      help: 'run the lab as root, or set "manager": "user" in plugins.json',
    };
  }
  const answer = await host.probe(["systemctl", "show", "--property=Version", "--value"]);
  return answer?.code === 0
    ? undefined
    : { available: false, reason: `systemd does not answer: ${said(answer)}`, help: "systemctl status must work" };
}

async function userObstacle(host: Host): Promise<Detection | undefined> {
  if (host.cgroupVersion === "v1") {
    return {
      available: false,
      reason: "on version 1 of control groups systemd lets no user limit CPU",
      help: "run the lab as root, or boot with systemd.unified_cgroup_hierarchy=1",
    };
  }
  const answer = await host.probe(["systemctl", "--user", "show", "--property=ControlGroup", "--value"]);
  if (answer?.code !== 0) {
    return {
      available: false,
      reason: `no systemd manager of this user answers: ${said(answer)}`,
      help: "log in as this user (or loginctl enable-linger), with XDG_RUNTIME_DIR=/run/user/<uid> set",
    };
  }
  const controllers = (await host.readText(`${mount}${answer.stdout.trim()}/cgroup.controllers`)) ?? "";
  const lacking = ["cpu", "memory"].filter((one) => !controllers.trim().split(" ").includes(one));
  if (lacking.length === 0) return undefined;
  return {
    available: false,
    reason: `systemd does not let this user limit ${lacking.join(" and ")}`,
    help: "as root: systemctl edit user@.service, add [Service] and Delegate=cpu memory pids, then log in anew",
  };
}

function said(answer: ProbeResult | undefined): string {
  return (answer?.stderr || answer?.stdout || "no answer from systemctl").trim().split("\n")[0]!;
}

/** A user's manager is found by these, which a measured program must not see. */
function busAddress(manager: Manager, { env }: Host): Record<string, string> {
  const names = manager === "user" ? ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"] : [];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/**
 * What runs in the scope: a shell that drops the variables that only systemd-run needed or added, waits to be continued,
 * and becomes the program. So the program does nothing before its limits are known to be in force.
 */
function gate(launch: Launch, manager: Manager): string[] {
  const own = manager === "user" ? ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"] : [];
  const strange = ["INVOCATION_ID", ...own].filter((name) => !(name in launch.env));
  const [name, ...args] = launch.argv;
  return [
    "/bin/sh",
    "-c",
    `unset ${strange.join(" ")}; kill -STOP $$; exec "$@"`,
    name,
    launch.executable ?? name,
    ...args,
  ];
}

/**
 * A process that sleeps in the scope until the counters have been read: systemd removes a scope as soon as it is empty,
 * and with it the count of OOM kills. What it occupies was charged elsewhere, before it came in.
 */
function keeperOf({ env, scratchDir, openFiles, name }: Launch): Launch {
  const argv = ["/bin/sh", "-c", "trap '' HUP INT TERM; exec sleep 2147483647"] as const;
  return { name: `${name} keeper`, argv, executable: argv[0], env, scratchDir, readOnlyDirs: [], openFiles };
}

/** A transient unit of a manager. */
class Unit {
  readonly name: string;
  readonly #manager: Manager;
  readonly #host: LimiterHost;

  constructor(name: string, manager: Manager, host: LimiterHost) {
    this.name = name;
    this.#manager = manager;
    this.#host = host;
  }

  /** Arguments with which systemd-run makes it. */
  creation(settings: readonly string[]): string[] {
    // Delegated, it takes the keeper in, and on version 2 has its controllers whether or not a limit is set.
    const fixed = ["CPUAccounting=yes", "MemoryAccounting=yes", "Delegate=cpu memory"];
    return [
      `--${this.#manager}`,
      "--scope",
      "--quiet",
      "--collect",
      `--unit=${this.name}`,
      `--slice=${this.#manager === "system" ? "system" : "app"}.slice`,
      ...[...fixed, ...settings].map((setting) => `--property=${setting}`),
      "--",
    ];
  }

  async set(settings: readonly string[]): Promise<void> {
    const answer = await this.#systemctl("set-property", "--runtime", this.name, ...settings);
    if (answer?.code !== 0) throw new Error(`systemd refuses the limits: ${said(answer)}`);
  }

  async takeIn(pid: number): Promise<void> {
    const manager = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"];
    const call = ["AttachProcessesToUnit", "ssau", this.name, "", "1", String(pid)];
    const answer = await this.#host.probe(["busctl", `--${this.#manager}`, "call", ...manager, ...call]);
    if (answer?.code !== 0) throw new Error(`systemd takes no process into ${this.name}: ${said(answer)}`);
  }

  /** Kills all that is in it, whatever process group it is in. */
  async kill(): Promise<void> {
    await this.#systemctl("kill", "--signal=SIGKILL", this.name);
  }

  /** Leaves nothing of it. It may be gone already, so no answer is a fault. */
  async remove(): Promise<void> {
    await this.kill();
    await this.#systemctl("stop", this.name);
    await this.#systemctl("reset-failed", this.name);
  }

  #systemctl(...args: string[]): Promise<ProbeResult | undefined> {
    return this.#host.probe(["systemctl", `--${this.#manager}`, ...args]);
  }
}

interface Scope {
  readonly child: Process;
  readonly launch: Launch;
  readonly unit: Unit;
}

async function confine({ child, launch, unit }: Scope, limits: Limits, host: LimiterHost): Promise<Confined> {
  const undo: (() => unknown)[] = [() => unit.remove()];
  const end = async () => {
    for (const step of undo.splice(0)) await step();
  };
  try {
    const keeper = await host.launch(keeperOf(launch));
    undo.unshift(() => keeper.stop(0));
    const folders = await untilWaiting(child, unit.name, host);
    undo.push(...folders.map((path) => host.own({ kind: "cgroup", path })));
    undo.push(await countCpuTime(child.pid, unit.name, host));
    const group = await host.controlGroup(child.pid);
    await unit.takeIn(keeper.pid);
    // On version 1 systemd cannot keep a unit from swap, which would turn the memory limit into a speed limit.
    const memory = folders.find((path) => path.startsWith(`${mount}/memory/`));
    if (memory) await host.writeText(`${memory}/memory.swappiness`, "0");
    await untilInForce(limits, () => group.limits());
    let last: UsageCounters | undefined;
    const exited = child.exited.then(async (exit) => {
      last ??= await group.usage();
      await end();
      return exit;
    });
    await host.probe(["sh", "-c", "kill -CONT $0", String(child.pid)]);
    return {
      ...child,
      exited,
      usage: async () => last ?? (await group.usage()),
      limits: () => group.limits(),
      async update(changed) {
        await unit.set(properties(changed));
        await untilInForce(changed, () => group.limits());
      },
      async stop(graceMs = defaultGraceMs) {
        // What left the process group can hold the program's output open, and the program is then not seen to end.
        if (await isLate(child.stop(graceMs), graceMs + strayWaitMs)) {
          last = await group.usage();
          await unit.kill();
        }
        await exited;
      },
    };
  } catch (error) {
    await child.stop(0);
    await end();
    throw error;
  }
}

/** Waits until the process is in the scope and stands at its gate; the folders of the scope's control group. */
async function untilWaiting(child: Process, unit: string, host: LimiterHost): Promise<string[]> {
  const ended: Exit[] = [];
  void child.exited.then((exit) => ended.push(exit));
  const deadline = Date.now() + startWaitMs;
  while (Date.now() < deadline) {
    const state = /.*\) (\w)/s.exec((await host.readText(`/proc/${child.pid}/stat`)) ?? "")?.[1];
    const folders = foldersOf((await host.readText(`/proc/${child.pid}/cgroup`)) ?? "", unit, host.cgroupVersion);
    if (state === "T" && folders) return folders;
    if (ended[0]) {
      const how = ended[0].signal ?? `exit code ${ended[0].code}`;
      throw new Error(`systemd-run could not start the program (${how}): ${child.tail()}`);
    }
    await sleep(pollMs);
  }
  throw new Error(`systemd did not take the program into ${unit} within ${startWaitMs / 1000} s: ${child.tail()}`);
}

/** The text of /proc/PID/cgroup -> the folders of a unit; `undefined` unless the process is in it with all limits. */
function foldersOf(membership: string, unit: string, version: Host["cgroupVersion"]): string[] | undefined {
  const paths = (version === "v1" ? ["cpu", "memory"] : [""]).map((name) => ({ name, path: pathOf(membership, name) }));
  if (!paths.every(({ path }) => path?.endsWith(`/${unit}`))) return undefined;
  return paths.map(({ name, path }) => `${mount}${name && "/"}${name}${path}`);
}

/** The path of a process' control group below the mount, by controller; version 2 has the one controller "". */
function pathOf(membership: string, controller: string): string | undefined {
  const lines = membership.trim().split("\n");
  const fields = lines.map((line) => line.split(":")).find(([, names]) => names?.split(",").includes(controller));
  return fields?.slice(2).join(":");
}

/**
 * On version 1 systemd takes for granted that cpu and cpuacct are mounted together. Where they are not, it leaves cpuacct
 * alone, and CPU time is counted in a group made here. The returned function removes it.
 */
async function countCpuTime(pid: number, unit: string, host: LimiterHost): Promise<() => Promise<void>> {
  const path = pathOf((await host.readText(`/proc/${pid}/cgroup`)) ?? "", "cpuacct");
  if (host.cgroupVersion !== "v1" || path === undefined || path.endsWith(`/${unit}`)) return async () => {};
  const folder = `${mount}/cpuacct${path === "/" ? "" : path}/${unit}`;
  await host.makeDir(folder);
  const disown = host.own({ kind: "cgroup", path: folder });
  await host.writeText(`${folder}/cgroup.procs`, String(pid));
  return async () => {
    const deadline = Date.now() + updateWaitMs;
    for (;;) {
      const removed = await host.removeDir(folder).then(
        () => true,
        () => false, // a process that was killed is not gone at once
      );
      if (removed) return disown();
      if (Date.now() > deadline) return; // left to the lab's own clean-up
      await sleep(pollMs);
    }
  };
}

async function isLate(promise: Promise<void>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, true, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([promise.then(() => false), late]);
  timer.abort();
  return result;
}

/** Limits as systemd's settings: all of them, so that an absent one is lifted. */
function properties({ cpu, memoryBytes, periodSeconds = defaultPeriodSeconds }: Limits): string[] {
  if (periodSeconds > maximumPeriodSeconds) {
    throw new Error(`a period of ${periodSeconds} s is too long: systemd takes ${maximumPeriodSeconds} s at most`);
  }
  if (cpu !== undefined && cpu * periodSeconds < minimumQuotaSeconds) {
    throw new Error(
      `${cpu} CPU is ${Math.round(cpu * periodSeconds * 1e6)} us in each period of ${Math.round(periodSeconds * 1e6)} us; the kernel takes no quota under ${minimumQuotaSeconds * 1e6} us`,
    );
  }
  return [
    `CPUQuotaPeriodSec=${Math.round(periodSeconds * 1e6)}us`,
    `CPUQuota=${cpu === undefined ? "" : `${Math.round(cpu / cpuStep) / 100}%`}`,
    `MemoryMax=${memoryBytes ?? "infinity"}`,
    `MemorySwapMax=${memoryBytes === undefined ? "infinity" : 0}`,
  ];
}

/** systemd answers before it has written a limit, and only logs what the kernel refuses: what the kernel has counts. */
async function untilInForce(wanted: Limits, kernel: () => Promise<Limits>): Promise<void> {
  const deadline = Date.now() + updateWaitMs;
  for (;;) {
    const wrong = difference(wanted, await kernel());
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw new Error(`systemd took the limits, but the kernel has in force ${wrong}`);
    await sleep(pollMs);
  }
}

/** What of `wanted` the kernel does not have, in words; `undefined` when it has all. */
function difference(wanted: Limits, kernel: Limits): string | undefined {
  const { periodSeconds = defaultPeriodSeconds } = wanted;
  const rounding = cpuStep + 1e-6 / periodSeconds;
  if (!near(wanted.cpu, kernel.cpu, rounding))
    return `${kernel.cpu ?? "no limit on"} CPU instead of ${wanted.cpu ?? "none"}`;
  if (wanted.cpu !== undefined && !near(periodSeconds, kernel.periodSeconds, 1e-6)) {
    return `a period of ${kernel.periodSeconds} s instead of ${periodSeconds} s`;
  }
  if (near(wanted.memoryBytes, kernel.memoryBytes, largestPage)) return undefined;
  return `a memory limit of ${kernel.memoryBytes ?? "no"} bytes instead of ${wanted.memoryBytes ?? "none"}`;
}

function near(wanted: number | undefined, actual: number | undefined, tolerance: number): boolean {
  if (wanted === undefined || actual === undefined) return wanted === actual;
  return Math.abs(wanted - actual) <= tolerance;
}
