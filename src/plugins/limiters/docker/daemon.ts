import { Agent } from "node:https";
import type Docker from "dockerode";
import type { Detection, Host, PluginOptions, Program } from "../../../core/contract/index.ts";
import { unavailable } from "../shared/unavailable.ts";
import type { DockerOptions } from "./choice.ts";
import { type Endpoint, findEndpoint, localAddress } from "./endpoint.ts";

const answerTimeoutMs = 2_000;
const dockerd: Program = {
  executables: ["dockerd"],
  versionArguments: ["--version"],
  versionPattern: "version ([^, ]+)",
  install: { apt: ["docker.io"] },
};

/** A client for the daemon that the Docker command line would use. Throws an Error of one line where there is none. */
export async function connect(host: Pick<Host, "env" | "readText">): Promise<Docker> {
  return client(await findEndpoint(host));
}

async function client(endpoint: Endpoint, options: { timeout?: number } = {}): Promise<Docker> {
  // Sixty packages come with it, and most of what the lab does needs no daemon.
  const { default: Dockerode } = await import("dockerode");
  const { trustAny, ...certificates } = endpoint.tls ?? {};
  // What is not given here the library would take from the environment.
  const own = { host: undefined, socketPath: undefined, ca: undefined, cert: undefined, key: undefined };
  return new Dockerode({
    ...own,
    ...localAddress(endpoint),
    ...certificates,
    ...(trustAny ? { agent: new Agent({ rejectUnauthorized: false }) } : {}),
    ...options,
  });
}

/** Finds out whether a Docker daemon can run containers on this machine, next to the lab. */
export async function detectDaemon(host: Host, options: PluginOptions): Promise<Detection> {
  const { counters }: DockerOptions = options;
  let endpoint: Endpoint;
  let docker: Docker;
  try {
    endpoint = await findEndpoint(host);
    docker = await client(endpoint, { timeout: answerTimeoutMs });
  } catch (error) {
    const help = "choose a daemon of this machine: unset DOCKER_HOST, or docker context use default";
    return unavailable((error as Error).message, help);
  }
  try {
    await docker.ping();
    const kernel = await host.readText("/proc/sys/kernel/osrelease");
    const found = judgeDaemon(await docker.info(), { kernel, platform: host.platform, forced: counters === "api" });
    if (!found.available) return found;
    return { ...found, details: [`daemon at ${endpoint.url} (${endpoint.from})`, ...(found.details ?? [])] };
  } catch (error) {
    return unreachable(error, endpoint.url, await startHelp(host));
  }
}

/** What of a daemon's description matters here. */
export interface DaemonInfo {
  readonly ServerVersion: string;
  readonly KernelVersion: string;
  readonly CgroupDriver: string;
  readonly CgroupVersion?: string;
  readonly CpuCfsQuota: boolean;
  readonly MemoryLimit: boolean;
  readonly SecurityOptions: readonly string[] | null;
}

/** Where the lab runs, and whether the user says that a daemon apart from it shares its loopback. */
export interface LabSide {
  /** Release of the lab's own kernel, as the kernel writes it. */
  readonly kernel: string | undefined;
  readonly platform: string;
  readonly forced: boolean;
}

/** Whether a daemon that answers can do what the lab needs. */
export function judgeDaemon(info: DaemonInfo, side: LabSide): Detection {
  const apart = separation(info, side);
  if (apart !== undefined && !side.forced) {
    return unavailable(
      `the Docker daemon ${apart}, so its containers have a loopback of their own`,
      'use a daemon that runs as root on this machine; or, where "host networking" joins the loopbacks, set "counters": ' +
        '"api" among the options of the docker plugin in plugins.json',
    );
  }
  if (!info.CpuCfsQuota || !info.MemoryLimit) {
    return unavailable(`the Docker daemon cannot limit ${info.CpuCfsQuota ? "memory" : "CPU"} on its kernel`);
  }
  return {
    available: true,
    version: `${info.ServerVersion} (${info.CgroupDriver}, cgroup v${info.CgroupVersion ?? 1})`,
    ...(apart === undefined ? {} : { details: [`the daemon ${apart}`] }),
  };
}

/** How a daemon is apart from the machine that the lab runs on, in words; `undefined` where it is not. */
function separation(info: DaemonInfo, { kernel, platform }: LabSide): string | undefined {
  if (platform !== "linux" || (kernel !== undefined && kernel.trim() !== info.KernelVersion)) {
    return `runs on another kernel (${info.KernelVersion}), in a virtual machine most likely`;
  }
  return info.SecurityOptions?.some((option) => option.startsWith("name=rootless")) ? "is rootless" : undefined;
}

/** The command that starts a daemon on this machine. */
async function startHelp(host: Host): Promise<string> {
  const sudo = host.root ? "" : "sudo ";
  const installed = await host.findProgram(dockerd);
  if (!installed.available) return `${sudo}apt-get install docker.io, or as docs.docker.com/engine/install says`;
  const first = (await host.readText("/proc/1/comm"))?.trim();
  return `${sudo}${first === "systemd" ? "systemctl start docker" : "scripts/dockerd.sh start"}`;
}

function unreachable(error: unknown, url: string, help: string): Detection {
  const { code, message, address } = error as Error & { code?: string; address?: string };
  const at = address?.startsWith("/") ? `unix://${address}` : url;
  switch (code) {
    case "ENOENT":
      return unavailable(`no Docker daemon: there is no socket at ${at}`, help);
    case "ECONNREFUSED":
      return unavailable(`the Docker daemon of ${at} is not running`, help);
    case "EACCES":
      return unavailable(
        `no permission to use ${at}`,
        "run the lab as root (sudo ./lab ...), or, once: sudo usermod -aG docker $USER, and log in anew",
      );
    case "ECONNRESET":
      return unavailable(`the Docker daemon of ${at} does not answer within ${answerTimeoutMs / 1000} s`, help);
    default:
      return unavailable(`the Docker daemon of ${at} cannot be used: ${message.trim()}`);
  }
}
