import type { PluginKind, PluginOption, PluginOptions, Role } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { loadPlugins } from "../hosting/load.ts";
import { nearestName } from "../hosting/nearest.ts";
import { toldOptions, wantedBy } from "../hosting/options.ts";
import { addPlugin } from "../hosting/packages/add.ts";
import { type CheckOptions, checkPlugin, type Report } from "../hosting/packages/check.ts";
import { type Preview, type PreviewWish, previewPlan } from "../hosting/packages/preview.ts";
import { removePlugin } from "../hosting/packages/remove.ts";
import { type Made, scaffold, type Wanted } from "../hosting/packages/scaffold.ts";
import { subjectOf } from "../hosting/packages/subject.ts";
import { type Entry, PLUGIN_KINDS, type Registry } from "../hosting/registry.ts";
import { dataDir, type Named, pluginShelf } from "../places.ts";
import { runCommand } from "../process/command.ts";

export type { Report as PluginReport } from "../hosting/packages/check.ts";

/** What is told while a plugin is checked. */
export type CheckWatch = Pick<CheckOptions, "onBegin" | "onResult">;

export type { Preview as PluginPreview } from "../hosting/packages/preview.ts";

/** A plugin in use, as data. */
export interface PluginSummary {
  readonly kind: PluginKind;
  readonly id: string;
  readonly title: string;
  readonly apiVersion: string;
  /** Path or package name it came from. */
  readonly source: string;
  /** Its module; absent where it did not come from a file. */
  readonly file?: string;
  /** Absent where the plugin was written before there were schemas: then nobody knows. */
  readonly options?: readonly OptionSummary[];
  /** Of proxies. */
  readonly roles?: readonly Role[];
  readonly balancing?: boolean;
}

/** An option that a plugin takes. */
export type OptionSummary = PluginOption & {
  readonly name: string;
  /** The kind of value in words. */
  readonly takes: string;
  /** The value that it has, where that is not the default; a secret one is not told. */
  readonly set?: unknown;
};

export interface PluginsInUse {
  readonly file: string;
  readonly plugins: readonly PluginSummary[];
  /** Entries of the list that could not be loaded. */
  readonly problems: readonly string[];
}

/** The list of plugins in use. It can be changed also where the lab cannot be opened on it. */
export class PluginsRoom {
  readonly #named: Named;

  constructor(named: Named) {
    this.#named = named;
  }

  /** Throws LAB_PLUGINS_FILE. */
  async list(): Promise<PluginsInUse> {
    const { file, dataDir } = pluginShelf(this.#named);
    return inUse(await loadPlugins(file, dataDir), file);
  }

  /** The plugins of a name, of whatever kind. Throws LAB_PLUGINS_FILE, and LAB_UNKNOWN_PLUGIN where there is none. */
  async named(name: string): Promise<readonly PluginSummary[]> {
    const { plugins } = await this.list();
    const found = plugins.filter(({ id }) => id === name);
    if (found.length > 0) return found;
    const ids = plugins.map(({ id }) => id);
    const nearest = nearestName(name, ids);
    throw new LabError("LAB_UNKNOWN_PLUGIN", `there is no plugin "${name}"`, {
      help: nearest === undefined ? `choose from: ${ids.join(", ")}` : `did you mean ${nearest}?`,
    });
  }

  /** The list is `file` from now on, where it was `before`. Throws what `addPlugin` throws. */
  async add(name: string, signal: AbortSignal) {
    const shelf = pluginShelf(this.#named);
    const added = await addPlugin(name, shelf, { ...inPlace(), signal });
    return { ...added, file: shelf.writeTo, before: shelf.file };
  }

  /** The same of the list. Throws what `removePlugin` throws. */
  async remove(name: string) {
    const shelf = pluginShelf(this.#named);
    return { ...(await removePlugin(name, shelf)), file: shelf.writeTo, before: shelf.file };
  }

  /** Tries every rule of the contract on a plugin; with options; with a signal also on its real program. Throws what `subjectOf` throws. */
  async check(name: string, watch: CheckWatch, set: PluginOptions, live?: AbortSignal): Promise<Report> {
    const { use, places, discard } = await subjectOf(name, pluginShelf(this.#named), inPlace());
    try {
      return await checkPlugin(use, places, { ...watch, set, ...(live ? { live: { dataDir, signal: live } } : {}) });
    } finally {
      await discard();
    }
  }

  /** What a proxy or load tool would have the lab start. Throws what `subjectOf` and `previewPlan` throw. */
  async plan(name: string, wish: PreviewWish): Promise<Preview> {
    const subject = await subjectOf(name, pluginShelf(this.#named), inPlace());
    try {
      return await previewPlan(subject, wish);
    } finally {
      await subject.discard();
    }
  }

  /** Makes a package for a new plugin in the working folder. Throws what `scaffold` throws. */
  make(wanted: Wanted): Promise<Made> {
    return scaffold(wanted, process.cwd());
  }
}

/** Names are of the folder in which the lab was called. */
function inPlace() {
  return { run: runCommand, cwd: process.cwd() };
}

/** The plugins of a registry that was read from a file. */
export function inUse(registry: Registry, file: string): PluginsInUse {
  const entries = PLUGIN_KINDS.flatMap((kind) => registry.list(kind) as Entry[]);
  return { file, plugins: entries.map(summaryOf), problems: registry.problems };
}

function summaryOf({ plugin, source, file, ...entry }: Entry): PluginSummary {
  const { kind, id, title, apiVersion } = plugin;
  const proxy = kind === "proxy" ? { roles: plugin.supports.roles, balancing: plugin.supports.balancing } : {};
  const place = { source, ...(file === undefined ? {} : { file }) };
  return { kind, id, title, apiVersion, ...place, ...(entry.schema && { options: optionsOf(entry) }), ...proxy };
}

function optionsOf({ schema = {}, options }: Pick<Entry, "schema" | "options">): OptionSummary[] {
  const set = toldOptions(schema, options);
  return Object.entries(schema).map(([name, option]) => {
    return { name, takes: wantedBy(option), ...option, ...(name in set && { set: set[name] }) };
  });
}
