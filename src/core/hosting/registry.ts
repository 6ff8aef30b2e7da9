import type {
  Detection,
  Host,
  LimiterHost,
  OptionsSchema,
  Plugin,
  PluginKind,
  PluginOptions,
} from "../contract/index.ts";
import { LabError, messageOf } from "../errors.ts";
import type { Found } from "../process/launcher.ts";
import type { PluginFault } from "./call.ts";
import { door } from "./door.ts";

/** A loaded plugin with its options. */
export interface Entry<P extends Plugin = Plugin> {
  readonly plugin: P;
  /** As the plugin gets them: those of plugins.json, and defaults. */
  readonly options: PluginOptions;
  /** The options that it takes; absent for a plugin that was written before there were schemas. */
  readonly schema?: OptionsSchema;
  /** Absolute path of the one program that it is to use; absent: whichever is found. */
  readonly executable?: string;
  /** Path or package name it came from. */
  readonly source: string;
  /** Its module; absent where it did not come from a file. */
  readonly file?: string;
}

type OfKind<K extends PluginKind> = Extract<Plugin, { kind: K }>;

const kindNames: Record<PluginKind, string> = { proxy: "proxy", load: "load tool", limiter: "limiter", model: "model" };

export const PLUGIN_KINDS = Object.keys(kindNames) as readonly PluginKind[];

/** The plugins in use, in the order of plugins.json. */
export class Registry {
  readonly #entries: readonly Entry[];
  readonly #found = new Map<Plugin, Promise<Detection>>();
  readonly #foundInImages = new Map<string, Promise<Detection>>();
  readonly #excluded = new Map<Plugin, PluginFault>();
  readonly #signal: AbortSignal | undefined;

  /** What plugins.json lists and could not be loaded, with the reason: a line for each. */
  readonly problems: readonly string[];

  /** `signal`: ends the wait for what is asked of a plugin (LAB_INTERRUPTED). */
  constructor(entries: readonly Entry[], problems: readonly string[] = [], signal?: AbortSignal) {
    this.#entries = entries;
    this.problems = problems;
    this.#signal = signal;
  }

  /** The same plugins for work that may be aborted; what was found is found anew. */
  until(signal: AbortSignal): Registry {
    return new Registry(this.#entries, this.problems, signal);
  }

  /** Of all kinds. */
  get all(): readonly Entry[] {
    return this.#entries;
  }

  /** The same plugins with other options. */
  withOptions(optionsOf: (entry: Entry) => PluginOptions): Registry {
    const entries = this.#entries.map((entry) => ({ ...entry, options: optionsOf(entry) }));
    return new Registry(entries, this.problems, this.#signal);
  }

  list<K extends PluginKind>(kind: K): Entry<OfKind<K>>[] {
    return this.#entries.filter((entry): entry is Entry<OfKind<K>> => entry.plugin.kind === kind);
  }

  /** Asks no more of a plugin: whoever wants it gets this fault of it. */
  exclude(fault: PluginFault): void {
    this.#excluded.set(fault.plugin, fault);
  }

  /** The plugin of a name; throws LAB_UNKNOWN_PLUGIN with the names there are, and LAB_PLUGIN for an excluded one. */
  get<K extends PluginKind>(kind: K, id: string): Entry<OfKind<K>> {
    const entry = this.list(kind).find(({ plugin }) => plugin.id === id);
    const fault = entry && this.#excluded.get(entry.plugin);
    if (fault) throw fault;
    if (entry) return entry;
    const known = this.list(kind).map(({ plugin }) => plugin.id);
    throw new LabError("LAB_UNKNOWN_PLUGIN", `there is no ${kindNames[kind]} "${id}"`, {
      help: `choose from: ${known.join(", ") || "none are listed in plugins.json"}`,
    });
  }

  /** What the plugin found on the host; asked once. */
  detect(entry: Entry, host: Host): Promise<Detection> {
    const { executable } = entry;
    const where = executable === undefined ? host : hostWith(executable, host);
    const ask = () => door.detect(entry.plugin, where, entry.options, this.#signal);
    return once(this.#found, entry.plugin, ask);
  }

  /** What a limiter found of a proxy's program in an image that it made ready; asked once. */
  detectInImage(
    proxy: Entry<OfKind<"proxy">>,
    image: string,
    { plugin, options }: Entry<OfKind<"limiter">>,
    host: LimiterHost,
  ): Promise<Detection> {
    const ask = () => door.detectInImage(plugin, proxy.plugin.program, image, host, options, this.#signal);
    return once(this.#foundInImages, `${plugin.id} ${proxy.plugin.id} ${image}`, ask);
  }

  /** The same, but a plugin at fault counts as not found. */
  detectAnyhow(entry: Entry, host: Host): Promise<Detection> {
    return this.detect(entry, host).catch((error): Detection => ({ available: false, reason: messageOf(error) }));
  }

  /** Ask again next time: something was installed or removed. */
  forgetDetections(): void {
    this.#found.clear();
    this.#foundInImages.clear();
  }

  /** The same, but what is missing is an error (LAB_UNAVAILABLE). */
  async require(entry: Entry, host: Host): Promise<Found> {
    return requireFound(entry, await this.detect(entry, host));
  }
}

/** What was found; throws LAB_UNAVAILABLE for what is missing. */
export function requireFound({ plugin: { id, kind } }: Entry, found: Detection): Found {
  if (found.available) return found;
  throw new LabError("LAB_UNAVAILABLE", `${kindNames[kind]} ${id} is not available: ${found.reason}`, {
    help: found.help,
  });
}

/** The same host, on which every program is the one at a path. */
function hostWith(executable: string, host: Host): Host {
  const { platform, cores, memoryBytes, root, cgroupVersion, env } = host;
  return {
    ...{ platform, cores, memoryBytes, root, cgroupVersion, env },
    findProgram: (program) => host.findProgram({ ...program, executables: [executable] }),
    probe: (argv) => host.probe(argv),
    readText: (path) => host.readText(path),
  };
}

function once<K, V>(known: Map<K, V>, key: K, ask: () => V): V {
  const value = known.get(key) ?? ask();
  known.set(key, value);
  return value;
}
