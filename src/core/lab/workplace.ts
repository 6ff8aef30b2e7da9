import type { Model } from "../answer/learning/crossValidation.ts";
import type { TrialRecord } from "../domain/record.ts";
import { door } from "../hosting/door.ts";
import { loadPlugins } from "../hosting/load.ts";
import type { Entry, Registry } from "../hosting/registry.ts";
import type { Machine } from "../machine/provision/setup.ts";
import { dataDir, findPluginsFile, findStoreFile, type Named } from "../places.ts";
import { LocalHost } from "../process/host.ts";
import { Ledger } from "../process/ledger.ts";
import { type FigureWish, speedCorrected } from "../statistics/trials/speeds.ts";
import { Store, type StoredSweep } from "../store/store.ts";

/** What the rooms of the lab work with: the plugins in use, this machine, and the store. */
export class Workplace implements Machine {
  readonly registry: Registry;
  readonly host: LocalHost;
  readonly dataDir = dataDir;
  readonly pluginsFile: string;
  readonly storeFile: string;
  /** Hosts beside this machine that load may be sent to. */
  readonly allowedTargets: readonly string[];
  #store: Store | undefined;

  constructor(registry: Registry, host: LocalHost, { plugins, store }: Named, allowedTargets: readonly string[] = []) {
    this.registry = registry;
    this.host = host;
    this.pluginsFile = findPluginsFile(plugins);
    this.storeFile = findStoreFile(store);
    this.allowedTargets = allowedTargets;
  }

  /** Throws LAB_PLUGINS_FILE. */
  static async open(named: Named, allowedTargets: readonly string[] = []): Promise<Workplace> {
    const plugins = loadPlugins(findPluginsFile(named.plugins), dataDir);
    const [registry, host] = await Promise.all([plugins, LocalHost.open(new Ledger(), dataDir)]);
    return new Workplace(registry, host, named, allowedTargets);
  }

  /** Opened when it is first needed. Throws LAB_STORE. */
  get store(): Store {
    this.#store ??= Store.open(this.storeFile);
    return this.#store;
  }

  /** Trials of sweeps that are looked at together: at one reference speed, unless they are wanted as measured. */
  trialsOf(sweeps: readonly Pick<StoredSweep, "id">[], wish: FigureWish = {}): readonly TrialRecord[] {
    return speedCorrected(this.store.trialsOf(sweeps), wish);
  }

  /** All prediction models, those for comparison only included. */
  models(): Model[] {
    return this.registry.list("model").map(({ plugin }) => door.model(plugin));
  }

  close(): void {
    this.#store?.close();
  }
}

/** A part of what the lab does. */
export class Room {
  protected readonly at: Workplace;

  constructor(at: Workplace) {
    this.at = at;
  }

  /** Ids of those plugins that work on this machine. */
  protected async available(entries: readonly Entry[]): Promise<string[]> {
    const { registry, host } = this.at;
    const found = await Promise.all(entries.map((entry) => registry.detectAnyhow(entry, host)));
    return entries.filter((_, index) => found[index]!.available).map(({ plugin }) => plugin.id);
  }
}
