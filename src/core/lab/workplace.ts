import { loadPlugins } from "../hosting/load.ts";
import type { Registry } from "../hosting/registry.ts";
import type { Machine } from "../machine/provision/setup.ts";
import { dataDir, findPluginsFile, findStoreFile, type Named } from "../places.ts";
import { LocalHost } from "../process/host.ts";
import { Ledger } from "../process/ledger.ts";
import { Store } from "../store/store.ts";

/** What the rooms of the lab work with: the plugins in use, this machine, and the store. */
export class Workplace implements Machine {
  readonly registry: Registry;
  readonly host: LocalHost;
  readonly dataDir = dataDir;
  readonly pluginsFile: string;
  readonly #storeFile: string;
  #store: Store | undefined;

  private constructor(registry: Registry, host: LocalHost, pluginsFile: string, storeFile: string) {
    this.registry = registry;
    this.host = host;
    this.pluginsFile = pluginsFile;
    this.#storeFile = storeFile;
  }

  /** Throws LAB_PLUGINS_FILE. */
  static async open({ store, plugins }: Named): Promise<Workplace> {
    const pluginsFile = findPluginsFile(plugins);
    const [registry, host] = await Promise.all([
      loadPlugins(pluginsFile, dataDir),
      LocalHost.open(new Ledger(), dataDir),
    ]);
    return new Workplace(registry, host, pluginsFile, findStoreFile(store));
  }

  /** Opened when it is first needed. Throws LAB_STORE. */
  get store(): Store {
    this.#store ??= Store.open(this.#storeFile);
    return this.#store;
  }

  close(): void {
    this.#store?.close();
  }
}
