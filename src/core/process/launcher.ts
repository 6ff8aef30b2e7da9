import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Detection, Launch, LaunchSpec } from "../contract/index.ts";

/** Limit on open files of every process that the lab starts: the same for all, since some programs size tables from it. */
export const openFiles = 8192;

type Found = Extract<Detection, { available: true }>;

export interface Placement {
  readonly name: string;
  readonly found: Found;
  readonly scratchDir: string;
  readonly cores?: readonly number[];
  readonly image?: string;
}

/** Writes the files of a spec and completes it to what can be started. */
export async function resolveLaunch(spec: LaunchSpec, place: Placement): Promise<Launch> {
  for (const [path, text] of Object.entries(spec.files ?? {})) {
    const full = join(place.scratchDir, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
  }
  return {
    name: place.name,
    argv: spec.argv,
    env: { ...cleanEnvironment(place.scratchDir), ...spec.env },
    scratchDir: place.scratchDir,
    readOnlyDirs: place.found.readOnlyDirs ?? [],
    openFiles,
    ...(place.found.executable ? { executable: place.found.executable } : {}),
    ...(place.cores ? { cores: place.cores } : {}),
    ...(place.image ? { image: place.image } : {}),
  };
}

/** No variable of the user's reaches a measured program: proxy settings, GOMAXPROCS and the like would change the figures. */
function cleanEnvironment(home: string): Record<string, string> {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: home, LC_ALL: "C", TZ: "UTC" };
}
