import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import envPaths from "env-paths";
import { Engine } from "../core/engine.ts";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const paths = envPaths("proxy-lab", { suffix: "" });

/** Folder for the store and for what the lab installs. */
export const dataDir = paths.data;

/** Options that mean the same for every command. */
export interface CommonOptions {
  readonly store?: string;
  readonly plugins?: string;
  readonly json?: boolean;
}

/** Opens the engine that the common options ask for. */
export function openEngine(options: CommonOptions): Promise<Engine> {
  return Engine.open({
    pluginsFile: findPluginsFile(options.plugins),
    storeFile: options.store ? resolve(options.store) : join(dataDir, "lab.sqlite"),
    dataDir,
  });
}

/** plugins.json: the one named, else of the working folder, of the user's configuration, of the package. */
function findPluginsFile(named: string | undefined): string {
  if (named) return resolve(named);
  const candidates = [process.cwd(), paths.config].map((dir) => join(dir, "plugins.json"));
  return candidates.find((file) => existsSync(file)) ?? join(packageRoot, "plugins.json");
}
