import {
  type Confined,
  type ControlGroup,
  type Detection,
  defineLimiter,
  type Host,
  type Launch,
  type LimiterHost,
  type Limits,
  type UsageCounters,
} from "../../core/contract/index.ts";

const mount = "/sys/fs/cgroup";
const defaultPeriodSeconds = 0.1;

/** Writes limits into the kernel's control groups, version 1 or 2; needs root. */
export default defineLimiter({
  id: "cgroup",
  title: "control groups of the kernel",
  supports: { cpu: true, memory: true, liveUpdate: true, images: false, otherHosts: false },
  // The kernel takes no quota under 1 ms.
  minimum: { cpu: 0.01, memoryBytes: 1024 * 1024 },

  async detect(host: Host): Promise<Detection> {
    if (host.cgroupVersion === undefined) {
      return { available: false, reason: "this machine has no control groups with a cpu controller" };
    }
    if (!host.root) {
      return { available: false, reason: "writing control groups needs root", help: "run the lab as root" };
    }
    return { available: true, version: host.cgroupVersion };
  },

  async start(launch: Launch, limits: Limits, host: LimiterHost): Promise<Confined> {
    const group = await makeGroup(host);
    await group.set(limits);
    const child = await host.launch(launch, { cgroups: group.dirs });
    let last: UsageCounters | undefined;
    const exited = child.exited.then(async (exit) => {
      last = await group.control.usage(); // an OOM kill would otherwise be gone with the group
      await group.remove();
      return exit;
    });
    return {
      ...child,
      exited,
      usage: async () => last ?? (await group.control.usage()),
      limits: () => group.control.limits(),
      update: (changed) => group.set(changed),
      async stop(graceMs) {
        await child.stop(graceMs);
        await exited;
      },
    };
  },
});

interface Group {
  readonly control: ControlGroup;
  readonly dirs: readonly string[];
  set(limits: Limits): Promise<void>;
  remove(): Promise<void>;
}

async function makeGroup(host: LimiterHost): Promise<Group> {
  const name = host.uniqueName();
  const v2 = host.cgroupVersion === "v2";
  const dirs = v2 ? [`${mount}/${name}`] : ["cpu", "cpuacct", "memory"].map((part) => `${mount}/${part}/${name}`);
  if (v2) await host.writeText(`${mount}/cgroup.subtree_control`, "+cpu +memory");
  const disown: (() => void)[] = [];
  for (const dir of dirs) {
    await host.makeDir(dir);
    disown.push(host.own({ kind: "cgroup", path: dir }));
  }
  return {
    dirs,
    control: await host.controlGroup(`/${name}`),
    set: (limits) => writeAll(host, v2 ? version2(`${mount}/${name}`, limits) : version1(name, limits)),
    async remove() {
      for (const dir of dirs) await host.removeDir(dir);
      for (const release of disown) release();
    },
  };
}

type Write = readonly [path: string, text: string];

async function writeAll(host: LimiterHost, writes: readonly Write[]): Promise<void> {
  for (const [path, text] of writes) await host.writeText(path, text);
}

function version1(name: string, limits: Limits): Write[] {
  const period = micros(limits.periodSeconds ?? defaultPeriodSeconds);
  const writes: Write[] = [
    [`${mount}/cpu/${name}/cpu.cfs_period_us`, String(period)],
    [
      `${mount}/cpu/${name}/cpu.cfs_quota_us`,
      limits.cpu === undefined ? "-1" : String(Math.round(limits.cpu * period)),
    ],
  ];
  if (limits.memoryBytes !== undefined) {
    const memory = `${mount}/memory/${name}`;
    writes.push([`${memory}/memory.limit_in_bytes`, String(limits.memoryBytes)], [`${memory}/memory.swappiness`, "0"]);
  }
  return writes;
}

function version2(dir: string, limits: Limits): Write[] {
  const period = micros(limits.periodSeconds ?? defaultPeriodSeconds);
  const quota = limits.cpu === undefined ? "max" : String(Math.round(limits.cpu * period));
  const writes: Write[] = [[`${dir}/cpu.max`, `${quota} ${period}`]];
  if (limits.memoryBytes !== undefined) {
    // Swap would turn the memory limit into a speed limit.
    writes.push([`${dir}/memory.max`, String(limits.memoryBytes)], [`${dir}/memory.swap.max`, "0"]);
  }
  return writes;
}

function micros(seconds: number): number {
  return Math.round(seconds * 1e6);
}
