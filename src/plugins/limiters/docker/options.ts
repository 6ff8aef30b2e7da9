import { dirname, sep } from "node:path";
import type { ContainerCreateOptions } from "dockerode";
import type { Launch, Limits } from "../../../core/contract/index.ts";
import type { ImageSource } from "./image.ts";
import { dockerLimits } from "./limits.ts";

/** Label of every container of the lab. */
export const label = "proxy-lab";
/** Label with the pid of the lab process that made a container. */
export const ownerLabel = "proxy-lab.owner";

/** Who makes a container. */
export interface Owner {
  readonly name: string;
  readonly pid: number;
  /** Numeric, as `uid:gid`: the files in the scratch folder are this user's. */
  readonly user?: string;
}

// What proxies need as root: to become another user, to own their files, to signal their workers.
const droppedCapabilities = ["AUDIT_WRITE", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETPCAP"];

/** Pure: what is to be started -> Docker's description of the container. */
export function containerOptions(
  launch: Launch,
  limits: Limits,
  source: ImageSource,
  owner: Owner,
): ContainerCreateOptions {
  const [name, ...args] = launch.argv;
  const program = source.system ? (launch.executable ?? name) : name;
  return {
    name: owner.name,
    Image: source.image,
    Entrypoint: [program, ...args],
    Cmd: [],
    Env: Object.entries(launch.env).map(([key, value]) => `${key}=${value}`),
    WorkingDir: launch.scratchDir,
    Labels: { [label]: launch.name, [ownerLabel]: String(owner.pid) },
    AttachStdout: true,
    AttachStderr: true,
    ...(owner.user === undefined ? {} : { User: owner.user }),
    Healthcheck: { Test: ["NONE"] }, // an image's own would run inside the limits
    HostConfig: {
      ...startLimits(limits),
      ...(launch.cores ? { CpusetCpus: launch.cores.join(",") } : {}),
      NetworkMode: "host",
      // As process 1 of its own a program that leaves SIGTERM to the kernel, as HAProxy does, could only be killed.
      PidMode: "host",
      UsernsMode: "host",
      Binds: binds(launch, source),
      Ulimits: [{ Name: "nofile", Soft: launch.openFiles, Hard: launch.openFiles }],
      LogConfig: { Type: "none", Config: {} },
      AutoRemove: true,
      Init: false,
      CapDrop: droppedCapabilities,
      // Without label=disable, SELinux would keep the container from the machine's own folders.
      SecurityOpt: ["no-new-privileges", "label=disable"],
    },
  };
}

/** The limits to start with; an absent one is left out. */
function startLimits(limits: Limits): Partial<ReturnType<typeof dockerLimits>> {
  const { CpuPeriod, CpuQuota, Memory, MemorySwap } = dockerLimits(limits);
  return { CpuPeriod, CpuQuota, ...(limits.memoryBytes === undefined ? {} : { Memory, MemorySwap }) };
}

function binds(launch: Launch, source: ImageSource): string[] {
  const scratch = `${launch.scratchDir}:${launch.scratchDir}:rw`;
  if (!source.system) return [scratch];
  const readOnly: string[] = [...source.system.folders];
  for (const dir of [...launch.readOnlyDirs, dirname(launch.executable ?? "/usr/bin/")]) {
    if (!readOnly.some((known) => isInside(dir, known)) && !isLinked(dir, source)) readOnly.push(dir);
  }
  return [...readOnly.map((dir) => `${dir}:${dir}:ro`), scratch];
}

function isInside(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir + sep);
}

/** True for what is under a link of the image, such as /bin: a mount there would land in /usr. */
function isLinked(path: string, source: ImageSource): boolean {
  return source.system?.links.some((link) => isInside(path, `/${link.path}`)) ?? false;
}
