import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import envPaths from "env-paths";
import type { Shelf } from "./hosting/packages/add.ts";

/** The list of built-ins that comes with the lab. */
const ownPluginsFile = fileURLToPath(new URL("../../plugins.json", import.meta.url));
/** Experiment files that come with the lab. */
export const experimentsDir = fileURLToPath(new URL("../../experiments", import.meta.url));
/** The recorded study that comes with the lab: a bundle. */
export const recordedStudyFile = fileURLToPath(new URL("../../data/study.ndjson.gz", import.meta.url));
const paths = envPaths("proxy-lab", { suffix: "" });
const userPluginsFile = join(paths.config, "plugins.json");

/** Folder for the store and for what the lab installs. */
export const dataDir = paths.data;
/** Folder for the user's settings. */
export const configDir = paths.config;

/** A path as one would type it: from the current folder, where it lies in there. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

/** Files that a user may name. */
export interface Named {
  readonly store?: string;
  readonly plugins?: string;
}

/** For commands to be typed next: the store that was named, as an option. */
export function sameStore({ store }: Named): string {
  return store ? ` --store ${store}` : "";
}

/** The store: the one named (`:memory:` is none on disk), else the user's. */
export function findStoreFile(named: string | undefined): string {
  if (named === ":memory:") return named;
  return named ? resolve(named) : join(dataDir, "lab.sqlite");
}

/**
 * plugins.json: the one named, else of the working folder, of the user's configuration, of the lab. The lab's own counts
 * as the last even in the lab's folder, so that a user's plugins are there wherever the user stands.
 */
export function findPluginsFile(named: string | undefined): string {
  if (named) return resolve(named);
  const candidates = [join(process.cwd(), "plugins.json"), userPluginsFile];
  return candidates.find((file) => file !== ownPluginsFile && existsSync(file)) ?? ownPluginsFile;
}

/** The list of plugins in use, to be changed: in place, but the lab's own only when it is named. */
export function pluginShelf({ plugins }: Named): Shelf {
  const file = findPluginsFile(plugins);
  return { file, writeTo: file === ownPluginsFile && !plugins ? userPluginsFile : file, dataDir };
}
