import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import envPaths from "env-paths";
import { Engine } from "../core/engine.ts";
import type { Shelf } from "../core/packages/add.ts";
import { warn } from "./output.ts";

/** The list of built-ins that comes with the lab. */
const ownPluginsFile = fileURLToPath(new URL("../../plugins.json", import.meta.url));
const paths = envPaths("proxy-lab", { suffix: "" });

const userPluginsFile = join(paths.config, "plugins.json");

/** Folder for the store and for what the lab installs. */
export const dataDir = paths.data;

/** Options that mean the same for every command. */
export interface CommonOptions {
  readonly store?: string;
  readonly plugins?: string;
  readonly json?: boolean;
}

/** Opens the engine that the common options ask for. */
export async function openEngine(options: CommonOptions): Promise<Engine> {
  const pluginsFile = findPluginsFile(options.plugins);
  const storeFile = options.store ? resolve(options.store) : join(dataDir, "lab.sqlite");
  const engine = await Engine.open({ pluginsFile, storeFile, dataDir });
  for (const problem of engine.registry.problems) warn(`${pluginsFile}: left out ${problem}`);
  return engine;
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
export function pluginShelf({ plugins }: CommonOptions): Shelf {
  const file = findPluginsFile(plugins);
  return { file, writeTo: file === ownPluginsFile && !plugins ? userPluginsFile : file, dataDir };
}
