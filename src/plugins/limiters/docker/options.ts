import { dirname, sep } from "node:path";
import type { ContainerCreateOptions } from "dockerode";
import type { Launch, Limits } from "../../../core/contract/index.ts";
import type { ImageSource } from "./choice.ts";
import { dockerLimits } from "./limits.ts";

/** Who makes a container. */
export interface Owner {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
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
    Env: environment(launch, source),
    WorkingDir: launch.scratchDir,
    Labels: { ...owner.labels },
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
      // Not among the binds: for those Docker would make a folder that it does not have.
      Mounts: [{ Type: "bind", Source: launch.scratchDir, Target: launch.scratchDir }],
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

/** An image knows where its programs are. */
function environment({ env }: Launch, { system }: ImageSource): string[] {
  const own = Object.entries(env).filter(([key]) => system || key !== "PATH");
  return own.map(([key, value]) => `${key}=${value}`);
}

function binds(launch: Launch, source: ImageSource): string[] {
  if (!source.system) return [];
  const readOnly: string[] = [...source.system.folders];
  for (const dir of [...launch.readOnlyDirs, dirname(launch.executable ?? "/usr/bin/")]) {
    if (!readOnly.some((known) => isInside(dir, known)) && !isLinked(dir, source)) readOnly.push(dir);
  }
  return readOnly.map((dir) => `${dir}:${dir}:ro`);
}

function isInside(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir + sep);
}

/** True for what is under a link of the image, such as /bin: a mount there would land in /usr. */
function isLinked(path: string, source: ImageSource): boolean {
  return source.system?.links.some((link) => isInside(path, `/${link.path}`)) ?? false;
}
