import { LabError, messageOf, toLabError } from "../errors.ts";
import type { Origins } from "../origin/origin.ts";
import { outsideOrigin, startOrigins } from "../origin/start.ts";
import { door } from "../plugins/door.ts";
import { pinSelf } from "../process/pin.ts";
import type { SweepStatus } from "../records/events.ts";
import type { Point } from "../records/point.ts";
import { type Environment, SCHEMA_VERSION, type TrialRecord } from "../records/record.ts";
import type { SweepSpec } from "../records/spec.ts";
import type { Bench } from "./bench.ts";
import { describeEnvironment } from "./environment.ts";
import { Eta } from "./eta.ts";
import type { Measurement } from "./measurement.ts";
import { type Placement, placeRoles } from "./placement.ts";
import { type PlannedGroup, type PlannedTrial, planSweep, threadsFor } from "./plan.ts";
import { openRig, type Rig } from "./rig.ts";
import { measure, measureBaseline, type TrialContext } from "./trial.ts";

const baselineSeconds = 1;

export interface SweepJob {
  readonly id: string;
  readonly spec: SweepSpec;
  /** Sequence numbers that an earlier run of the same sweep has recorded. */
  readonly done: ReadonlySet<number>;
  /** Called with each record before the next trial begins. */
  save(record: TrialRecord): void;
}

export interface SweepOutcome {
  readonly status: SweepStatus;
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs the trials of a sweep. A trial that fails becomes a record; only an abort ends the sweep early. */
export async function runSweep(bench: Bench, job: SweepJob): Promise<SweepOutcome> {
  const groups = withoutDone(planSweep(job.spec), job.done);
  const place = placeRoles(bench.host.platform, bench.host.cores, Math.max(...job.spec.cpu.map(threadsFor)));
  const environment = await describeEnvironment(bench.host, await requirePlugins(bench, job.spec), place);
  const run = new SweepRun(bench, job, environment, place, groups);
  const unpin = await pinSelf(place?.rest);
  try {
    for (const group of groups) await run.group(group);
  } catch (error) {
    if (!bench.signal.aborted) throw error;
  } finally {
    await run.close();
    await unpin();
  }
  return run.finish();
}

/** Checks that everything a sweep needs is there before anything is started; returns plugin id -> version. */
async function requirePlugins(bench: Bench, spec: SweepSpec): Promise<Record<string, string>> {
  const { registry, host } = bench;
  const versions: Record<string, string> = {};
  const entries = [
    ...spec.proxies.map((id) => registry.get("proxy", id)),
    ...spec.loadTools.map((id) => registry.get("load", id)),
    ...spec.limiters.map((id) => registry.get("limiter", id)),
  ];
  for (const entry of entries) {
    const { version } = await registry.require(entry, host);
    if (version) versions[entry.plugin.id] = version;
  }
  for (const id of spec.limiters) {
    const { plugin, options } = registry.get("limiter", id);
    await door.prepare(plugin, host, options);
  }
  return versions;
}

function withoutDone(groups: readonly PlannedGroup[], done: ReadonlySet<number>): PlannedGroup[] {
  return groups
    .map((group) => ({ ...group, trials: group.trials.filter(({ sequence }) => !done.has(sequence)) }))
    .filter(({ trials }) => trials.length > 0);
}

class SweepRun {
  readonly #bench: Bench;
  readonly #job: SweepJob;
  readonly #environment: Environment;
  readonly #place: Placement | undefined;
  readonly #eta: Eta;
  readonly #origins = new Map<number, Origins>();
  readonly #baselines = new Map<string, number>();
  readonly #counts = { completed: 0, failed: 0, skipped: 0 };
  readonly #startedAt = performance.now();

  constructor(
    bench: Bench,
    job: SweepJob,
    environment: Environment,
    place: Placement | undefined,
    groups: readonly PlannedGroup[],
  ) {
    this.#bench = bench;
    this.#job = job;
    this.#environment = environment;
    this.#place = place;
    this.#eta = new Eta(job.spec.scenario, groups);
    bench.emit({
      type: "sweep-planned",
      sweepId: job.id,
      trials: groups.reduce((sum, { trials }) => sum + trials.length, 0),
      alreadyDone: job.done.size,
      spec: job.spec,
      estimatedSeconds: this.#eta.remainingSeconds(),
    });
  }

  /** Trials on one running proxy; it is started anew after a trial that it did not survive. */
  async group(group: PlannedGroup): Promise<void> {
    let rig: Rig | undefined;
    let startFault: LabError | undefined;
    try {
      for (const trial of group.trials) {
        this.#bench.signal.throwIfAborted();
        this.#begin(trial);
        const startedAt = new Date();
        const before = performance.now();
        try {
          if (startFault) throw startFault;
          const context = await this.#context(trial);
          if (!rig?.alive()) {
            await rig?.close();
            rig = undefined;
            rig = await this.#open(context, trial.point).catch((error) => {
              startFault = toLabError(error);
              throw error;
            });
          }
          const measurement = await measure(context, rig, trial.point);
          this.#record(trial, startedAt, before, rig, measurement);
          rig.fresh = false;
        } catch (error) {
          this.#bench.signal.throwIfAborted();
          this.#record(trial, startedAt, before, rig, { error: await explain(error, rig, trial.point) });
        }
      }
    } finally {
      await rig?.close();
    }
  }

  async close(): Promise<void> {
    for (const origins of this.#origins.values()) await origins.stop();
  }

  finish(): SweepOutcome {
    const status = this.#bench.signal.aborted ? "interrupted" : "finished";
    const elapsedSeconds = (performance.now() - this.#startedAt) / 1000;
    const outcome = { status, ...this.#counts } as const;
    this.#bench.emit({ type: "sweep-finished", sweepId: this.#job.id, ...outcome, elapsedSeconds });
    return outcome;
  }

  #begin({ sequence, replicate, point }: PlannedTrial): void {
    this.#bench.emit({ type: "trial-started", sweepId: this.#job.id, sequence, replicate, point });
  }

  async #open(context: TrialContext, point: Point): Promise<Rig> {
    const before = performance.now();
    const rig = await openRig(this.#bench, point, this.#job.spec.scenario, context.origins, this.#place);
    this.#eta.opened((performance.now() - before) / 1000);
    return rig;
  }

  async #context({ sequence, point }: PlannedTrial): Promise<TrialContext> {
    const context: TrialContext = {
      bench: this.#bench,
      scenario: this.#job.spec.scenario,
      origins: await this.#originsOf(point.servers),
      ...(this.#place ? { place: this.#place } : {}),
      onSample: (sample) => this.#bench.emit({ type: "sample", sweepId: this.#job.id, sequence, ...sample }),
    };
    const direct = await this.#baseline(context, point);
    return direct === undefined ? context : { ...context, directRequestsPerSecond: direct };
  }

  async #originsOf(count: number): Promise<Origins> {
    const { scenario } = this.#job.spec;
    const known = this.#origins.get(count);
    if (known) return known;
    const { bodyBytes, originDelayMs: delayMs } = scenario;
    const cores = this.#place ? { cores: this.#place.rest } : {};
    const origins = scenario.originUrl
      ? outsideOrigin(scenario.originUrl)
      : await startOrigins(this.#bench.host, { count, bodyBytes, delayMs, ...cores });
    this.#origins.set(count, origins);
    return origins;
  }

  /** Measured once per sweep for each load; a tool that fails here will say why in its trials. */
  async #baseline(context: TrialContext, point: Point): Promise<number | undefined> {
    const { loadTool, servers, concurrency } = point;
    const key = `${loadTool}/${servers}/${concurrency}`;
    if (!this.#baselines.has(key)) {
      const rate = await measureBaseline(context, point, baselineSeconds).catch((error) => {
        this.#bench.signal.throwIfAborted();
        this.#bench.emit({ type: "warning", sweepId: this.#job.id, message: `no baseline: ${messageOf(error)}` });
        return undefined;
      });
      if (rate === undefined) return undefined;
      this.#baselines.set(key, rate);
      this.#bench.emit({
        type: "baseline",
        sweepId: this.#job.id,
        loadTool,
        servers,
        concurrency,
        requestsPerSecond: rate,
      });
    }
    return this.#baselines.get(key);
  }

  #record(
    trial: PlannedTrial,
    startedAt: Date,
    before: number,
    rig: Rig | undefined,
    outcome: Measurement & { error?: LabError },
  ): void {
    const { error, ...measurement } = outcome;
    const direct = this.#baselines.get(`${trial.point.loadTool}/${trial.point.servers}/${trial.point.concurrency}`);
    const record: TrialRecord = {
      schemaVersion: SCHEMA_VERSION,
      id: `${this.#job.id}.${trial.sequence}`,
      sweepId: this.#job.id,
      sequence: trial.sequence,
      replicate: trial.replicate,
      status: error ? "failed" : "completed",
      startedAt: startedAt.toISOString(),
      point: trial.point,
      scenario: this.#job.spec.scenario,
      ...measurement,
      ...(direct === undefined ? {} : { directRequestsPerSecond: direct }),
      deviations: rig?.deviations ?? [],
      freshProcess: rig?.fresh ?? true,
      ...(error ? { error: { code: error.code, message: withHelp(error) } } : {}),
      environment: this.#environment,
    };
    this.#job.save(record);
    this.#counts[record.status]++;
    this.#eta.measured((performance.now() - before) / 1000);
    this.#bench.emit({
      type: "trial-finished",
      sweepId: this.#job.id,
      record,
      remainingSeconds: this.#eta.remainingSeconds(),
    });
  }
}

/** A load that failed because its proxy died is a fault of the proxy, most often of its memory limit. */
async function explain(error: unknown, rig: Rig | undefined, point: Point): Promise<LabError> {
  const fault = toLabError(error);
  if (!rig) return fault;
  const { oomKills } = await rig.control.usage();
  if ((oomKills ?? 0) === 0) return fault;
  return new LabError("LAB_MEMORY", `${point.proxy} was killed at its memory limit while under load`, { cause: error });
}

function withHelp({ message, help }: LabError): string {
  return help ? `${message} (${help})` : message;
}
