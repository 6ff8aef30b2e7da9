import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { major } from "semver";
import type { OptionsSchema, Plugin, PluginOptions } from "../contract/index.ts";
import { messageOf } from "../errors.ts";
import { isolate, renamed } from "./isolated.ts";
import { isBuiltIn, locatePlugin, type Places } from "./locate.ts";
import { contractFor, contractOf } from "./manifest.ts";
import { learnInThreads } from "./modelThreads.ts";
import { optionFaults, withDefaults } from "./options.ts";
import { type Item, type Request, readItems, requestOf } from "./pluginsFile.ts";
import { type Entry, Registry } from "./registry.ts";
import { plugin as pluginSchema, requireShape } from "./schemas.ts";
import { loadTimeMs } from "./times.ts";

/**
 * Reads a plugins.json and loads what it lists, packages also from those installed in `dataDir`. What cannot be loaded is
 * left out, and told by the registry; a file that cannot be understood is an error (LAB_PLUGINS_FILE).
 */
export async function loadPlugins(file: string, dataDir?: string): Promise<Registry> {
  const { entries, problems } = await loadItems(await readItems(file), { base: dirname(resolve(file)), dataDir });
  return new Registry(entries, problems);
}

/** Loads what entries of plugins.json ask for, as far as it can be loaded; a line for each that cannot. */
export async function loadItems(items: readonly Item[], places: Places, timeoutMs: number = loadTimeMs) {
  const loaded = await Promise.allSettled(items.map((item) => loadOne(requestOf(item), places, timeoutMs)));
  const entries = loaded.filter((result) => result.status === "fulfilled").map((result) => result.value);
  const failures = loaded.filter((result) => result.status === "rejected").map((result) => messageOf(result.reason));
  const named = new Map<string, Entry>();
  const twice = entries.flatMap((entry) => {
    const key = `${entry.plugin.kind} ${entry.plugin.id}`;
    const first = named.get(key);
    if (!first) named.set(key, entry);
    return first
      ? [`${entry.source}: ${key} is already there from ${first.source}; give it a name of its own with "as"`]
      : [];
  });
  return { entries: [...named.values()], problems: [...failures, ...twice] };
}

/** The file of a plugin, found and allowed to run by what its package says, and its contract. Throws an Error of one line. */
export async function findPlugin(use: string, places: Places): Promise<{ path: string; contract: string }> {
  const path = await locatePlugin(use, places);
  return { path, contract: await contractFor(path) };
}

/**
 * Runs the module of a plugin and returns its default export; what did not come with the lab runs in a thread of its own.
 * Throws an Error of one line.
 */
export async function importPlugin(path: string, timeoutMs: number = loadTimeMs): Promise<unknown> {
  if (!isBuiltIn(path)) return isolate(path, timeoutMs);
  const module = (await import(pathToFileURL(path).href).catch((cause) => {
    throw new Error(`cannot be loaded: ${messageOf(cause)}`, { cause });
  })) as { default?: unknown };
  return module.default;
}

async function loadOne({ use, as, executable, options }: Request, places: Places, timeoutMs: number): Promise<Entry> {
  try {
    const { path, contract } = await findPlugin(use, places);
    const loaded = asPlugin(await importPlugin(path, timeoutMs), path, "is not a plugin: ");
    const schema = schemaOf(loaded, contract);
    if (loaded.kind === "model" && isBuiltIn(path)) learnInThreads(loaded, pathToFileURL(path).href);
    const plugin = as === undefined ? loaded : renamed(loaded, as);
    const program = executable === undefined ? {} : { executable };
    return { plugin, ...checkedOptions(schema, options), ...program, source: use, file: path };
  } catch (cause) {
    throw new Error(`${use}${as === undefined ? "" : ` as ${as}`}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The options that a plugin takes: none where it declares none; `undefined` where nobody can know, for a plugin that was
 * written before there were schemas. Throws an Error of one line for one of another contract.
 */
export function schemaOf({ apiVersion, options }: Plugin, contract: string): OptionsSchema | undefined {
  const own = contractOf(apiVersion);
  const knowsSchemas = [own, contract].every((version) => major(version) >= 2);
  return options ?? (knowsSchemas ? {} : undefined);
}

/** Options as the plugin gets them. Throws an Error of one line for those that it does not take. */
export function checkedOptions(
  schema: OptionsSchema | undefined,
  set: PluginOptions,
): Pick<Entry, "options" | "schema"> {
  if (schema === undefined) return { options: set };
  const faults = optionFaults(schema, set);
  if (faults.length > 0) throw new Error(faults.join("; "));
  return { options: withDefaults(schema, set), schema };
}

/** What the module of a file exports, as a plugin. Throws an Error of one line, which begins as given, for what is none. */
export function asPlugin(value: unknown, path: string, beginning = ""): Plugin {
  if (value === undefined) throw new Error(`${beginning}${basename(path)} has no default export`);
  requireShape(pluginSchema, value, beginning);
  return value as Plugin;
}
