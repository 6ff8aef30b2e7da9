import type { Detection, Host, Plugin, PluginKind, PluginOptions } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { door } from "./door.ts";

/** A loaded plugin with its options from plugins.json. */
export interface Entry<P extends Plugin = Plugin> {
  readonly plugin: P;
  readonly options: PluginOptions;
  /** Path or package name it came from. */
  readonly source: string;
}

type OfKind<K extends PluginKind> = Extract<Plugin, { kind: K }>;

const kindNames: Record<PluginKind, string> = { proxy: "proxy", load: "load tool", limiter: "limiter", model: "model" };

/** The plugins in use, in the order of plugins.json. */
export class Registry {
  readonly #entries: readonly Entry[];
  readonly #found = new Map<Plugin, Promise<Detection>>();

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  list<K extends PluginKind>(kind: K): Entry<OfKind<K>>[] {
    return this.#entries.filter((entry): entry is Entry<OfKind<K>> => entry.plugin.kind === kind);
  }

  /** The plugin of a name; throws LAB_UNKNOWN_PLUGIN with the names there are. */
  get<K extends PluginKind>(kind: K, id: string): Entry<OfKind<K>> {
    const entry = this.list(kind).find(({ plugin }) => plugin.id === id);
    if (entry) return entry;
    const known = this.list(kind).map(({ plugin }) => plugin.id);
    throw new LabError("LAB_UNKNOWN_PLUGIN", `there is no ${kindNames[kind]} "${id}"`, {
      help: `choose from: ${known.join(", ") || "none are listed in plugins.json"}`,
    });
  }

  /** What the plugin found on the host; asked once. */
  detect(entry: Entry, host: Host): Promise<Detection> {
    const known = this.#found.get(entry.plugin);
    if (known) return known;
    const asked = door.detect(entry.plugin, host, entry.options);
    this.#found.set(entry.plugin, asked);
    return asked;
  }

  /** Ask again next time: something was installed or removed. */
  forgetDetections(): void {
    this.#found.clear();
  }

  /** The same, but what is missing is an error (LAB_UNAVAILABLE). */
  async require(entry: Entry, host: Host): Promise<Extract<Detection, { available: true }>> {
    const found = await this.detect(entry, host);
    if (found.available) return found;
    const { id, kind } = entry.plugin;
    throw new LabError("LAB_UNAVAILABLE", `${kindNames[kind]} ${id} is not available: ${found.reason}`, {
      help: found.help,
    });
  }
}
