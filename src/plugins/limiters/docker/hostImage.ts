import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import type { Host } from "../../../core/contract/index.ts";
import { follow, hasImage } from "./pull.ts";
import { tarOf } from "./tar.ts";

/** What a container sees of the machine's own system folders. */
export interface HostSystem {
  /** Top-level links such as bin -> usr/bin, to be made in the image. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Top-level folders to bind-mount, read-only. */
  readonly folders: readonly string[];
}

const repository = "proxy-lab-host";
const emptyFolders = ["dev", "etc", "home", "mnt", "opt", "proc", "root", "run", "srv", "sys", "usr", "var"];
// On some systems /bin, /sbin and /lib are folders; on most they are links into /usr.
const systemFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
// In a read-only /etc Docker cannot make the files that it mounts its own over.
const filesThatDockerCovers = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

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
  const mountPoints = system.folders.map((path) => path.slice(1)).filter((path) => !emptyFolders.includes(path));
  return tarOf([
    ...emptyFolders.map((path) => ({ path })),
    ...["tmp", "var/tmp"].map((path) => ({ path, mode: 0o1777 })),
    ...["var/cache", "var/lib", "var/log", "var/spool", ...mountPoints].map((path) => ({ path })),
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
  await follow(docker, await docker.importImage(Readable.from([skeleton(system)]), { repo, tag }));
}
