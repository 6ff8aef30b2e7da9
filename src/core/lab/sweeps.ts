import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabEvent, SweepEventBody } from "../domain/events.ts";
import { type Face, type Running, silentFace } from "../domain/face.ts";
import type { SweepFlags } from "../domain/options.ts";
import { SCHEMA_VERSION, type TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { LabError } from "../errors.ts";
import { specFrom } from "../experiment/flags.ts";
import { requireSameOptions, withOptionsOf, withTheirOptions } from "../experiment/pluginOptions.ts";
import { requireTarget } from "../measure/origin/target.ts";
import { SweepControl } from "../measure/sweep/control.ts";
import type { SweepOutcome } from "../measure/sweep/job.ts";
import { runSweep } from "../measure/sweep/run.ts";
import { openLoopTools } from "../plan/openLoop.ts";
import { previewSweep, type SweepPreview } from "../plan/preview.ts";
import { checkSpec } from "../plan/validate.ts";
import type { StoredSweep } from "../store/store.ts";
import { refuseIdleOptions, withOwnConfiguration } from "./ownConfiguration.ts";
import { Room, type Workplace } from "./workplace.ts";

/** How a sweep is run. */
export interface RunOptions extends Running {
  readonly proxyPort?: number;
  /** Steers the sweep while it runs. */
  readonly control?: SweepControl;
  /** Go on with this interrupted sweep; its stored plan is used. */
  readonly resume?: string;
  /** Also where it was imported: then its plan is somebody else's. */
  readonly resumeImported?: boolean;
}

export interface FinishedSweep extends SweepOutcome {
  readonly id: string;
}

/** What sends an open loop on every machine, and whatever its arrivals. */
const ownLoadTool = "pacer";
const pollMs = 500;
const mostAtOnce = 1_000;

/** Sweeps: planned, run, and followed. */
export class Sweeps extends Room {
  readonly #face: Face;

  constructor(at: Workplace, face = silentFace) {
    super(at);
    this.#face = face;
  }

  /** What flags ask for, over an experiment file if there is one. Throws LAB_USAGE, LAB_EXPERIMENT_FILE or LAB_CONFIGURATION. */
  async plan(flags: SweepFlags, file?: string): Promise<SweepSpec> {
    return withOwnConfiguration(await specFrom(flags, file, this.at.registry), this.at.registry);
  }

  /**
   * The same for an open loop whose latencies count: unless the flags name a load tool, by the one of shortest tail that can
   * send it and is installed.
   */
  async planOpenLoop(flags: SweepFlags): Promise<SweepSpec> {
    const spec = await this.plan(flags);
    if (flags.load !== undefined) return spec;
    const tools = openLoopTools(spec, this.at.registry.list("load"));
    const [loadTool = ownLoadTool] = await this.available(tools);
    const best = tools[0]?.plugin.id ?? loadTool;
    if (best !== loadTool) this.#face.onNotice({ code: "longer-tail", loadTool, missing: best });
    return { ...spec, loadTools: [loadTool] };
  }

  /** What a sweep of these flags would be. Throws what `plan` throws, and LAB_UNSUPPORTED. */
  async preview(flags: SweepFlags): Promise<SweepPreview> {
    const spec = await this.plan(flags);
    checkSpec(spec, this.at.registry, this.at.host);
    return previewSweep(spec);
  }

  /** Runs a sweep to its end or to the abort of the signal. Throws before anything is started when the spec is wrong. */
  async run(wanted: SweepSpec, options: RunOptions): Promise<FinishedSweep> {
    const { host, store } = this.at;
    const { spec, registry } = this.#withOptions(wanted, options.resume);
    checkSpec(spec, registry, host);
    refuseIdleOptions(spec);
    await requireTarget(spec.scenario.originUrl, this.at.allowedTargets);
    const id = options.resume ?? newSweepId();
    const { signal, resume, resumeImported = false } = options;
    if (resume !== undefined) store.resumeSweep(id, { imported: resumeImported });
    let begun = resume !== undefined;
    const earlier = store.trials({ sweepId: id });
    const emit = (event: SweepEventBody) => options.onEvent(stamped(id, event));
    const begin = () => {
      if (!begun) store.addSweep(id, spec);
      begun = true;
      for (const other of store.sweeps().filter((one) => one.status === "running" && one.id !== id)) {
        const message = `sweep ${other.id} is being measured too: they take CPU from one another`;
        emit({ type: "warning", message });
      }
    };
    let outcome: SweepOutcome | undefined;
    try {
      const control = options.control ?? new SweepControl();
      const save = async (record: TrialRecord) => {
        const file = await store.save(record, signal);
        if (file)
          emit({
            type: "warning",
            message: `the store cannot be written; until it can, ${record.id} waits in ${file}`,
          });
      };
      const job = { id, spec, earlier, control, proxyPort: options.proxyPort, emit, save };
      outcome = await runSweep({ host, registry: registry.until(signal), signal }, job, begin);
    } finally {
      // Without this it counts as interrupted, too: a failure here must not hide what ended the sweep.
      const ended = begun ? store.saveEnd(id, outcome?.status ?? "interrupted") : undefined;
      await ended?.catch(({ message }: Error) => emit({ type: "warning", message }));
    }
    return { id, ...outcome };
  }

  /**
   * A sweep with all options of its plugins, and these with them: an interrupted one goes on with those that it was begun
   * with. Throws LAB_USAGE where it cannot.
   */
  #withOptions(wanted: SweepSpec, resume: string | undefined) {
    if (resume === undefined) {
      const registry = withOptionsOf(wanted, this.at.registry);
      return { spec: withTheirOptions(wanted, registry), registry };
    }
    const { options } = this.at.store.find(resume).spec;
    const spec = { ...wanted, ...(options && { options }) };
    requireSameOptions(spec, this.at.registry);
    return { spec, registry: withOptionsOf(spec, this.at.registry, true) };
  }

  /** The same, with the records. */
  async measure(spec: SweepSpec, options: RunOptions): Promise<FinishedSweep & { readonly trials: TrialRecord[] }> {
    const sweep = await this.run(spec, options);
    return { ...sweep, trials: this.at.store.trials({ sweepId: sweep.id }) };
  }

  /** The newest interrupted sweep of this lab's own. Throws LAB_NO_DATA. */
  interrupted(): StoredSweep {
    const own = this.at.store.sweeps().filter(({ imported }) => !imported);
    const interrupted = own.find(({ status }) => status === "interrupted");
    if (interrupted) return interrupted;
    throw new LabError("LAB_NO_DATA", "there is no interrupted sweep to go on with", {
      help: "name one: --resume SWEEP",
    });
  }

  /** Records of a sweep as they are stored, also by another process, until it has ended or the signal is aborted. */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<TrialRecord> {
    const { store } = this.at;
    let place = 0;
    while (!signal.aborted) {
      // Asked first: what it stores before it ends is read after this.
      const running = store.find(id).status === "running";
      const found = store.trialsAfter(place, mostAtOnce);
      place = found.place;
      yield* found.records.filter(({ sweepId }) => sweepId === id);
      if (found.records.length > 0) continue;
      if (!running) return;
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
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
