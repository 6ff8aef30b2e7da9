import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import type { Host, Launch, PluginOptions } from "../../../core/contract/index.ts";
import { type TarEntry, tarOf } from "./tar.ts";

/** What a container sees of the machine's own system folders. */
export interface HostSystem {
  /** Top-level links such as bin -> usr/bin, to be made in the image. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Top-level folders to bind-mount, read-only. */
  readonly folders: readonly string[];
}

/** Where the program of a container comes from. */
export interface ImageSource {
  readonly image: string;
  /** Set when the image is only a skeleton and the machine's own system folders fill it. */
  readonly system?: HostSystem;
}

const repository = "proxy-lab-host";
const emptyFolders = ["dev", "etc", "home", "mnt", "opt", "proc", "root", "run", "srv", "sys", "usr", "var"];
// On some systems /bin, /sbin and /lib are folders; on most they are links into /usr.
const systemFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
// In a read-only /etc Docker cannot make the files that it mounts its own over.
const filesThatDockerCovers = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

/** The choice of `imageSource` in plugins.json; absent means: the host's program where there is one, else the official image. */
export function imageOption(options: PluginOptions): string | undefined {
  const value = options.imageSource;
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new Error('imageSource must be "host", "official" or the name of an image');
}

/** The image for one start. */
export async function imageFor(launch: Launch, host: Host, options: PluginOptions): Promise<ImageSource> {
  const choice = imageOption(options) ?? (launch.executable ? "host" : "official");
  if (choice === "host") {
    if (!launch.executable) {
      throw new Error(`${launch.name} is not installed on this machine: imageSource "host" needs it`);
    }
    const system = await readHostSystem(host);
    return { image: hostImageName(system), system };
  }
  if (choice !== "official") return { image: choice };
  if (!launch.image) {
    throw new Error(`the plugin of ${launch.name} names no container image: install ${launch.name} here`);
  }
  return { image: launch.image };
}

/** Reads how the machine lays out its system folders. */
export async function readHostSystem(host: Host): Promise<HostSystem> {
  const script =
    'for d; do if [ -L "/$d" ]; then echo "$d $(readlink "/$d")"; elif [ -d "/$d" ]; then echo "$d"; fi; done';
  const listed = await host.probe(["sh", "-c", script, "sh", ...systemFolders]);
  if (listed?.code !== 0) throw new Error("the machine's system folders cannot be listed");
  const lines = listed.stdout.split("\n").filter((line) => line !== "");
  const links = lines.flatMap((line) => {
    const [path = "", target] = line.split(" ");
    return target === undefined ? [] : [{ path, target }];
  });
  const folders = lines.filter((line) => !line.includes(" ")).map((line) => `/${line}`);
  return { links, folders: ["/usr", "/etc", ...folders] };
}

/** A file system of empty folders and links, to mount the machine's own folders into. */
export function skeleton(system: HostSystem): Buffer {
  const folders: TarEntry[] = emptyFolders.map((path) => ({ path }));
  const tmp: TarEntry[] = ["tmp", "var/tmp"].map((path) => ({ path, mode: 0o1777 }));
  const varFolders: TarEntry[] = ["cache", "lib", "log", "spool"].map((path) => ({ path: `var/${path}` }));
  const mountPoints = system.folders
    .map((path) => ({ path: path.slice(1) }))
    .filter(({ path }) => !emptyFolders.includes(path));
  return tarOf([
    ...folders,
    ...tmp,
    ...varFolders,
    ...mountPoints,
    { path: "var/run", target: "../run" },
    ...system.links,
  ]);
}

export function hostImageName(system: HostSystem): string {
  return `${repository}:${createHash("sha256").update(skeleton(system)).digest("hex").slice(0, 12)}`;
}

/** Makes sure that the daemon has the image of the host's skeleton. */
export async function ensureHostImage(docker: Docker, host: Host): Promise<void> {
  for (const path of filesThatDockerCovers) {
    if ((await host.readText(path)) === undefined) {
      throw new Error(`Docker mounts its own ${path} over the machine's, which has none: make that file, be it empty`);
    }
  }
  const system = await readHostSystem(host);
  const name = hostImageName(system);
  if (await hasImage(docker, name)) return;
  const [repo, tag] = name.split(":");
  await finish(docker, await docker.importImage(Readable.from([skeleton(system)]), { repo, tag }));
}

/** Makes sure that the daemon has an image, which it pulls unless it has it. */
export async function ensureImage(docker: Docker, name: string): Promise<void> {
  if (await hasImage(docker, name)) return;
  const isExact = /[:@][^/]*$/.test(name); // without a tag Docker would pull all of them
  try {
    await finish(docker, await docker.pull(isExact ? name : `${name}:latest`));
  } catch (error) {
    throw new Error(`the image ${name} cannot be pulled: ${(error as Error).message.trim()}`, { cause: error });
  }
}

async function hasImage(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** Waits until the daemon has done what it reports progress of. */
function finish(docker: Docker, progress: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}
