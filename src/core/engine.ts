import { randomBytes } from "node:crypto";
import type { LabEvent, SweepEventBody } from "./domain/events.ts";
import { SCHEMA_VERSION, type TrialRecord } from "./domain/record.ts";
import type { SweepSpec } from "./domain/spec.ts";
import { LabError } from "./errors.ts";
import { loadPlugins } from "./hosting/load.ts";
import type { Registry } from "./hosting/registry.ts";
import { SweepControl } from "./measure/sweep/control.ts";
import type { SweepOutcome } from "./measure/sweep/job.ts";
import { runSweep } from "./measure/sweep/run.ts";
import { checkSpec } from "./plan/validate.ts";
import { LocalHost } from "./process/host.ts";
import { Ledger } from "./process/ledger.ts";
import { Store } from "./store/store.ts";

export interface EngineOptions {
  readonly pluginsFile: string;
  readonly storeFile: string;
  /** Folder for what the lab installs. */
  readonly dataDir: string;
}

export interface SweepOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: LabEvent) => void;
  readonly proxyPort?: number;
  /** Steers the sweep while it runs. */
  readonly control?: SweepControl;
  /** Go on with this interrupted sweep; its stored plan is used. */
  readonly resume?: string;
}

export interface FinishedSweep extends SweepOutcome {
  readonly id: string;
}

/** The lab without a face: plugins, this machine, the store, and the work on them. */
export class Engine {
  readonly registry: Registry;
  readonly host: LocalHost;
  readonly dataDir: string;
  readonly #storeFile: string;
  #store: Store | undefined;

  private constructor(registry: Registry, host: LocalHost, { storeFile, dataDir }: EngineOptions) {
    this.registry = registry;
    this.host = host;
    this.dataDir = dataDir;
    this.#storeFile = storeFile;
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const [registry, host] = await Promise.all([
      loadPlugins(options.pluginsFile, options.dataDir),
      LocalHost.open(new Ledger(), options.dataDir),
    ]);
    return new Engine(registry, host, options);
  }

  get store(): Store {
    this.#store ??= Store.open(this.#storeFile);
    return this.#store;
  }

  /** Runs a sweep to its end or to the abort of the signal. Throws before anything is started when the spec is wrong. */
  async sweep(spec: SweepSpec, options: SweepOptions): Promise<FinishedSweep> {
    checkSpec(spec, this.registry, this.host);
    const id = options.resume ?? newSweepId();
    if (options.resume !== undefined) this.store.resumeSweep(id);
    const earlier = this.store.trials({ sweepId: id });
    const { signal } = options;
    const context = { host: this.host, registry: this.registry.until(signal), signal };
    const emit = (event: SweepEventBody) => options.onEvent(stamped(id, event));
    const begin = () => {
      if (options.resume === undefined) this.store.addSweep(id, spec);
      for (const other of this.store.sweeps().filter((one) => one.status === "running" && one.id !== id)) {
        const message = `sweep ${other.id} is being measured too: they take CPU from one another`;
        emit({ type: "warning", message });
      }
    };
    let outcome: SweepOutcome | undefined;
    try {
      const control = options.control ?? new SweepControl();
      const save = (record: TrialRecord) => this.store.addTrial(record);
      const job = { id, spec, earlier, control, proxyPort: options.proxyPort, emit, save };
      outcome = await runSweep(context, job, begin);
    } finally {
      this.store.endSweep(id, outcome?.status ?? "interrupted");
    }
    return { id, ...outcome };
  }

  /** The sweep of an id, or the newest one. Throws LAB_NO_DATA. */
  findSweep(id?: string) {
    const sweep = id === undefined ? this.store.sweeps()[0] : this.store.sweep(id);
    if (sweep) return sweep;
    throw new LabError("LAB_NO_DATA", id === undefined ? "the store has no sweeps" : `the store has no sweep ${id}`, {
      help: "run one with ./lab sweep",
    });
  }

  close(): void {
    this.#store?.close();
  }
}

function stamped(sweepId: string, { type, ...event }: SweepEventBody): LabEvent {
  return { schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type, sweepId, ...event } as LabEvent;
}

/** Sorts by time, and is unique even for sweeps started in the same second. */
function newSweepId(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${time}-${randomBytes(2).toString("hex")}`;
}
