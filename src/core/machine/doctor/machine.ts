import { arch, cpus, release } from "node:os";
import type { Host, Program } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import { isAccessible } from "../../process/access.ts";
import { type UnfinishedTool, unfinishedTools } from "../../process/toolDirs.ts";
import { memoryOf, openFilesOf, portRangeOf, systemNameOf } from "../parse.ts";

const cgroupMount = "/sys/fs/cgroup";
/** Controllers that limits and their counters need. */
export const neededControllers: Readonly<Record<"v1" | "v2", readonly string[]>> = {
  v1: ["cpu", "cpuacct", "memory"],
  v2: ["cpu", "memory"],
};
const docker: Program = {
  executables: ["docker"],
  versionArguments: ["--version"],
  versionPattern: "version ([^, ]+)",
  install: {},
};

/** A controller of the kernel's control groups that limits need. */
export interface CgroupController {
  readonly name: string;
  /** The lab may make groups with it. */
  readonly writable: boolean;
}

/** What of a machine decides how the lab works on it. What is not known is absent. */
export interface MachineFacts {
  readonly platform: string;
  readonly arch: string;
  /** Name and version of the operating system. */
  readonly system?: string;
  /** Release of the kernel. */
  readonly kernel: string;
  readonly root: boolean;
  /** Cores of the machine, and those that the lab may use. */
  readonly allCores: number;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly availableMemoryBytes?: number;
  readonly cgroupVersion?: "v1" | "v2";
  readonly controllers: readonly CgroupController[];
  /** Limits on open files of the lab; an absent one is unlimited. */
  readonly openFiles?: { readonly soft?: number; readonly hard?: number };
  /** Version of the Docker command line. */
  readonly dockerClient?: string;
  /** Name of process 1. */
  readonly firstProcess?: string;
  readonly systemd?: { readonly version?: string; readonly userManager: boolean };
  /** Ports of outgoing connections. */
  readonly clientPorts?: { readonly first: number; readonly last: number };
  /** net.ipv4.tcp_tw_reuse: 0 never, 1 always, 2 on loopback. */
  readonly timeWaitReuse?: number;
  readonly governor?: string;
  /** CPU time that the hypervisor gave to others while the doctor looked, in cores. */
  readonly stealCores?: number;
  /** Installations of the lab's own that did not end. */
  readonly unfinished: readonly UnfinishedTool[];
  /** Debian packages that are half installed, by what dpkg says. */
  readonly brokenPackages: boolean;
}

/** Looks at the machine; changes nothing. */
export async function readMachine(host: Host, dataDir: string): Promise<Omit<MachineFacts, "stealCores">> {
  const read = (path: string) => host.readText(path);
  const [system, availableMemoryBytes, openFiles, clientPorts, reuse, governor, firstProcess] = await Promise.all([
    read("/etc/os-release").then(systemNameOf),
    read("/proc/meminfo").then(memoryOf),
    read("/proc/self/limits").then(openFilesOf),
    read("/proc/sys/net/ipv4/ip_local_port_range").then(portRangeOf),
    read("/proc/sys/net/ipv4/tcp_tw_reuse"),
    read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
    read("/proc/1/comm"),
  ]);
  const [client, systemd, audit] = await Promise.all([
    host.findProgram(docker),
    firstProcess?.trim() === "systemd" ? readSystemd(host) : undefined,
    host.probe(["dpkg", "--audit"]),
  ]);
  return withoutAbsent<Omit<MachineFacts, "stealCores">>({
    platform: host.platform,
    arch: arch(),
    system,
    kernel: release(),
    root: host.root,
    allCores: Math.max(cpus().length, host.cores),
    cores: host.cores,
    memoryBytes: host.memoryBytes,
    availableMemoryBytes,
    cgroupVersion: host.cgroupVersion,
    controllers: await readControllers(host),
    openFiles,
    dockerClient: client.available ? client.version : undefined,
    firstProcess: firstProcess?.trim(),
    systemd,
    clientPorts,
    timeWaitReuse: reuse === undefined ? undefined : Number(reuse),
    governor: governor?.trim(),
    unfinished: await unfinishedTools(dataDir),
    brokenPackages: (audit?.stdout ?? "").trim() !== "",
  });
}

async function readSystemd(host: Host): Promise<NonNullable<MachineFacts["systemd"]>> {
  const [about, user] = await Promise.all([
    host.probe(["systemctl", "--version"]),
    host.probe(["systemctl", "--user", "show", "--property=Version", "--value"]),
  ]);
  const version = /^systemd (\d+)/.exec(about?.stdout ?? "")?.[1];
  return { ...(version ? { version } : {}), userManager: user?.code === 0 };
}

async function readControllers({ cgroupVersion, readText }: Host): Promise<CgroupController[]> {
  if (cgroupVersion === undefined) return [];
  if (cgroupVersion === "v1") {
    const found = neededControllers.v1.map(async (name): Promise<CgroupController[]> => {
      // A folder may be there with no controller mounted on it.
      if ((await readText(`${cgroupMount}/${name}/cgroup.procs`)) === undefined) return [];
      return [{ name, writable: await isAccessible(`${cgroupMount}/${name}`, "write") }];
    });
    return (await Promise.all(found)).flat();
  }
  const there = ((await readText(`${cgroupMount}/cgroup.controllers`)) ?? "").trim().split(" ");
  const writable = await isAccessible(`${cgroupMount}/cgroup.subtree_control`, "write");
  return neededControllers.v2.filter((name) => there.includes(name)).map((name) => ({ name, writable }));
}
