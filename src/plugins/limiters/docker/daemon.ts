import Docker from "dockerode";
import type { Detection, Host } from "../../../core/contract/index.ts";

const answerTimeoutMs = 2_000;
const startHelp = "start it: with the system's service manager, or scripts/dockerd.sh start as root";

/** A client for the daemon that DOCKER_HOST names, else the one at the usual socket. */
export function connect(env: Host["env"], options: { timeout?: number } = {}): Docker {
  const socketPath = env.DOCKER_HOST?.replace(/^unix:\/\//, "");
  return new Docker(socketPath ? { ...options, socketPath } : options);
}

/** Finds out whether a Docker daemon can run containers on this machine, next to the lab. */
export async function detectDaemon(host: Host): Promise<Detection> {
  const url = host.env.DOCKER_HOST;
  if (url && !url.startsWith("unix://")) {
    return {
      available: false,
      reason: `DOCKER_HOST is ${url}: a daemon on another machine shares neither loopback nor programs with the lab`,
      help: "unset DOCKER_HOST, or run the lab on that machine",
    };
  }
  if (host.platform !== "linux") {
    return {
      available: false,
      reason: "Docker runs its containers in a virtual machine here, whose loopback and counters the lab cannot reach",
      help: "run the lab on Linux, for instance in that virtual machine",
    };
  }
  const docker = connect(host.env, { timeout: answerTimeoutMs });
  try {
    await docker.ping();
    return judge(await docker.info(), await host.readText("/proc/sys/kernel/osrelease"));
  } catch (error) {
    return unreachable(error, url ?? "unix:///var/run/docker.sock");
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

/** Whether a daemon that answers can do what the lab needs; `kernel` is the release of the lab's own kernel. */
export function judge(info: DaemonInfo, kernel: string | undefined): Detection {
  if (kernel !== undefined && kernel.trim() !== info.KernelVersion) {
    return {
      available: false,
      reason: `the Docker daemon runs on another kernel (${info.KernelVersion}), probably in a virtual machine`,
      help: "use a daemon that runs on this machine itself",
    };
  }
  if (info.SecurityOptions?.some((option) => option.startsWith("name=rootless"))) {
    return {
      available: false,
      reason: "the Docker daemon is rootless: its containers have a loopback of their own",
      help: "use a daemon that runs as root",
    };
  }
  if (!info.CpuCfsQuota || !info.MemoryLimit) {
    const missing = info.CpuCfsQuota ? "memory" : "CPU";
    return { available: false, reason: `the Docker daemon cannot limit ${missing} on this kernel` };
  }
  return {
    available: true,
    version: `${info.ServerVersion} (${info.CgroupDriver}, cgroup v${info.CgroupVersion ?? 1})`,
  };
}

function unreachable(error: unknown, url: string): Detection {
  const { code, message, address } = error as Error & { code?: string; address?: string };
  const at = address ? `unix://${address}` : url;
  const told: Record<string, { reason: string; help: string }> = {
    ENOENT: { reason: `no Docker daemon: there is no socket at ${at}`, help: startHelp },
    ECONNREFUSED: { reason: `the Docker daemon of ${at} is not running`, help: startHelp },
    EACCES: { reason: `no permission to use ${at}`, help: "run the lab as root, or join the group docker" },
    ECONNRESET: {
      reason: `the Docker daemon of ${at} does not answer within ${answerTimeoutMs / 1000} s`,
      help: startHelp,
    },
  };
  if (code !== undefined && told[code]) return { available: false, ...told[code] };
  return { available: false, reason: `the Docker daemon of ${at} cannot be used: ${message.trim()}` };
}
