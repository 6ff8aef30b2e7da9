import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Detection, Launch, LoadPlan } from "../contract/index.ts";

/** Limit on open files of every process that the lab starts: the same for all, since some programs size tables from it. */
export const openFiles = 8192;

/** A detection of what is there. */
export type Found = Extract<Detection, { available: true }>;

/** What completes a spec: the program that was found, and where it runs. */
export interface LaunchDetails {
  readonly name: string;
  readonly found: Found;
  readonly scratchDir: string;
  readonly cores?: readonly number[] | undefined;
  readonly image?: string | undefined;
}

/** Writes the files of a spec and completes it to what can be started. */
export async function resolveLaunch(spec: LoadPlan, details: LaunchDetails): Promise<Launch> {
  for (const [path, text] of Object.entries(spec.files ?? {})) {
    const full = join(details.scratchDir, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
  }
  return {
    name: details.name,
    ...command(spec, details.found),
    env: { ...cleanEnvironment(details.scratchDir), ...spec.env },
    scratchDir: details.scratchDir,
    readOnlyDirs: details.found.readOnlyDirs ?? [],
    openFiles,
    ...(details.cores ? { cores: details.cores } : {}),
    ...(details.image ? { image: details.image } : {}),
  };
}

function command({ argv, driver }: LoadPlan, { executable }: Found): Pick<Launch, "argv" | "executable"> {
  const [name, ...args] = argv;
  if (driver) return { argv: [name, driver, executable ?? name, ...args], executable: process.execPath };
  return { argv, ...(executable ? { executable } : {}) };
}

/** No variable of the user's reaches a measured program: proxy settings, GOMAXPROCS and the like would change the figures. */
function cleanEnvironment(home: string): Record<string, string> {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: home, LC_ALL: "C", TZ: "UTC" };
}
