import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { satisfies, validRange } from "semver";
import { API_VERSION, API_VERSIONS } from "../contract/index.ts";

/** What the lab reads in the package.json of a plugin. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly exports?: unknown;
  readonly proxyLab?: { readonly api?: string };
}

/** The package.json of a folder; `undefined` where there is none. Throws an Error where it is not JSON. */
export async function readManifest(dir: string): Promise<Manifest | undefined> {
  const text = await readFile(join(dir, "package.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new Error(`${join(dir, "package.json")} is not JSON`, { cause });
  }
}

/**
 * Before anything of a package runs: the newest contract of this lab that it can have. Throws an Error where it asks for
 * one that this lab has not.
 */
export async function contractFor(path: string): Promise<string> {
  const manifest = await nearestManifest(dirname(path));
  const range = manifest?.proxyLab?.api;
  if (range === undefined) {
    const where = manifest ? "its package.json does not say" : "there is no package.json beside or above it to say";
    throw new Error(`${where} which contract it needs ("proxyLab": { "api": "^${API_VERSION}" })`);
  }
  if (validRange(range) === null) throw new Error(`"${range}" is not a range of versions (proxyLab.api)`);
  const version = newestIn(range);
  if (version !== undefined) return version;
  throw new Error(`needs plugin contract ${range}, this lab has ${API_VERSION}; install a matching version`);
}

/** The same for the version that a plugin itself was written for. */
export function contractOf(version: string): string {
  const own = newestIn(`^${version}`);
  if (own !== undefined) return own;
  throw new Error(`was written for plugin contract ${version}, this lab has ${API_VERSION}`);
}

function newestIn(range: string): string | undefined {
  return API_VERSIONS.findLast((version) => satisfies(version, range));
}

/** Version of the package that a file belongs to; `undefined` where it belongs to none. */
export async function packageVersion(path: string): Promise<string | undefined> {
  return (await nearestManifest(dirname(path)))?.version;
}

async function nearestManifest(dir: string): Promise<Manifest | undefined> {
  const manifest = await readManifest(dir);
  if (manifest) return manifest;
  return dir === dirname(dir) ? undefined : nearestManifest(dirname(dir));
}
