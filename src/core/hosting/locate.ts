import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readManifest } from "./manifest.ts";

const builtInDir = fileURLToPath(new URL("../../plugins", import.meta.url));
const builtInName = /^builtin:([a-z]+\/[a-z0-9-]+)$/;

/** Where plugins are looked for. */
export interface Places {
  /** Folder of the plugins.json: paths start here, and its node_modules is searched first. */
  readonly base: string;
  /** Folder with what the lab installed: its packages are searched after that. */
  readonly dataDir?: string | undefined;
}

/** The file of a plugin. Throws an Error of one line where there is none. */
export async function locatePlugin(use: string, { base, dataDir }: Places): Promise<string> {
  if (use.startsWith("builtin:")) return locateBuiltIn(use);
  if (isPath(use)) return entryOf(resolve(base, use));
  const installed = dataDir === undefined ? [] : await packageDirs(dataDir);
  try {
    return createRequire(join(base, "plugins.json")).resolve(use, { paths: [base, ...installed] });
  } catch (cause) {
    throw notResolved(cause, `no such package; install it: ./lab plugins add ${use}`);
  }
}

/** Whether a plugin's file came with the lab. */
export function isBuiltIn(path: string): boolean {
  return !relative(builtInDir, path).startsWith("..");
}

/** An entry of the plugins.json in `base` in a form that means the same in a plugins.json elsewhere. */
export function portable(use: string, base: string): string {
  if (!isPath(use)) return use;
  const path = resolve(base, use);
  const inside = relative(builtInDir, path).replace(/\.ts$/, "");
  return builtInName.test(`builtin:${inside}`) ? `builtin:${inside}` : path;
}

/** Folder in which the lab installs plugin packages, each in a folder of its own. */
export function packagesDir(dataDir: string): string {
  return join(dataDir, "plugins");
}

async function packageDirs(dataDir: string): Promise<string[]> {
  const names = await readdir(packagesDir(dataDir)).catch(() => [] as string[]);
  return names.filter((name) => !name.startsWith(".")).map((name) => join(packagesDir(dataDir), name));
}

/** Built-ins by name and not by path: the lab may move, and a list of the user's must not hold on to where it was. */
async function locateBuiltIn(use: string): Promise<string> {
  const name = builtInName.exec(use)?.[1];
  const path = join(builtInDir, `${name}.ts`);
  if (name === undefined || !(await stat(path).catch(() => undefined))) throw new Error("the lab has no such built-in");
  return path;
}

/** The file itself, or the one that the package.json of a folder names. */
async function entryOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new Error(`cannot be loaded: there is no ${path}`);
  if (!found.isDirectory()) return path;
  const manifest = await readManifest(path);
  const require = createRequire(join(path, "package.json"));
  try {
    // `exports` count only when a package is asked for by name.
    return require.resolve(manifest?.exports !== undefined && manifest.name ? manifest.name : path);
  } catch (cause) {
    throw notResolved(cause, "is a folder without a package.json that names the plugin's file");
  }
}

function isPath(use: string): boolean {
  return use.startsWith(".") || isAbsolute(use);
}

function notResolved(cause: unknown, otherwise: string): Error {
  const hidden = cause instanceof Error && "code" in cause && cause.code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  return new Error(hidden ? 'its package.json exports nothing under "default"' : otherwise, { cause });
}
