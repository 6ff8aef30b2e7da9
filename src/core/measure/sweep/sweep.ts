import { withoutAbsent } from "../../domain/absent.ts";
import type { Point } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { LabError, toLabError } from "../../errors.ts";
import type { PlannedTrial, Queue } from "../../plan/plan.ts";
import { queueOf, rigKeyOf } from "../../plan/queue.ts";
import { localPorts, timeWaitSockets } from "../../process/kernel/sockets.ts";
import { judgeFailure, type SocketEvidence } from "../samples/verdict.ts";
import { type MeasuredTrial, measureTrial } from "../trial/trial.ts";
import type { SweepJob, SweepOutcome, SweepParts } from "./job.ts";
import { Recorder, type TrialOutcome } from "./recorder.ts";
import { RigKeeper } from "./rigKeeper.ts";
import { Supplies } from "./supplies.ts";

/** A sweep: runs its trials one after the other, on proxies, origins and load tools of its parts. */
export class Sweep {
  readonly #job: SweepJob;
  readonly #parts: SweepParts;
  readonly #queue: Queue;
  readonly #recorder: Recorder;
  readonly #supplies: Supplies;
  readonly #keeper: RigKeeper;
  readonly #sampleFaults = new Set<string>();
  /** Of all trials so far; the queue chooses the next one by them. */
  readonly #records: TrialRecord[];

  constructor(job: SweepJob, parts: SweepParts) {
    this.#job = job;
    this.#parts = parts;
    this.#queue = queueOf(job.spec, job.earlier);
    this.#recorder = new Recorder(job, parts, this.#queue);
    this.#supplies = new Supplies(job, parts);
    this.#keeper = new RigKeeper(parts, ({ message }) => job.emit({ type: "warning", message }));
    this.#records = [...job.earlier];
  }

  /**
   * Runs it to its end, once. A trial that fails becomes a record; only an abort ends the sweep early. What it started has
   * ended when this resolves or rejects. Throws what `save` throws.
   */
  async run(): Promise<SweepOutcome> {
    const { signal } = this.#parts;
    this.#recorder.start();
    try {
      await this.#supplies.open();
      await this.#runTrials();
      await this.#supplies.repeatBaselines();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#keeper.keepOnly(() => false);
      await this.#supplies.close();
    }
    return this.#recorder.finish(signal.aborted ? "interrupted" : "finished", this.#records);
  }

  async #runTrials(): Promise<void> {
    const { signal } = this.#parts;
    for (;;) {
      const trial = this.#queue.next(this.#records);
      if (!trial) return;
      await this.#job.control.untilResumed(signal);
      signal.throwIfAborted();
      if (!this.#recorder.hasTime()) return;
      this.#records.push(await this.#runTrial(trial));
      const round = this.#queue.round?.(this.#records);
      if (!round) continue;
      this.#recorder.endRound(round);
      // Processes of one program differ, by its layout in memory among others: each round has new ones.
      await this.#keeper.keepOnly(() => false);
    }
  }

  async #runTrial(trial: PlannedTrial): Promise<TrialRecord> {
    this.#recorder.begin(trial);
    this.#keeper.beginTrial();
    const rigKey = rigKeyOf(trial.point, this.#job.spec.scenario.fresh, trial.sequence);
    // A port that was asked for is one proxy's at a time.
    if (this.#job.proxyPort !== undefined) await this.#keeper.keepOnly((one) => one === rigKey);
    const outcome = await this.#attempt(trial, rigKey);
    await this.#keeper.keepOnly((one) => this.#queue.needs(one));
    return this.#recorder.end(trial, outcome, this.#keeper.startSeconds);
  }

  /** One trial as the outcome it had; throws only when the sweep was aborted. */
  async #attempt(trial: PlannedTrial, rigKey: string): Promise<TrialOutcome> {
    const { signal } = this.#parts;
    try {
      const measured = await this.#job.control.trial(signal, (until) => this.#measure(trial, rigKey, until));
      return { ...(measured ?? { skipped: true }), ...this.#circumstances(trial.point, rigKey) };
    } catch (error) {
      signal.throwIfAborted();
      return { ...(await this.#explain(error, trial.point, rigKey)), ...this.#circumstances(trial.point, rigKey) };
    }
  }

  /** `signal`: that of the sweep, and of the wish to skip or to repeat the trial. */
  async #measure({ sequence, point }: PlannedTrial, rigKey: string, signal: AbortSignal): Promise<MeasuredTrial> {
    const { registry, restCores, proxyCores, runLoad } = this.#parts;
    const { scenario } = this.#job.spec;
    // A trial that is repeated wants a new proxy, too.
    if (scenario.fresh) await this.#keeper.keepOnly((one) => one !== rigKey);
    const origins = await this.#supplies.provide(point);
    const rig = await this.#keeper.rigFor(rigKey, point, origins);
    signal.throwIfAborted();
    const tool = registry.get("load", point.loadTool);
    return measureTrial({
      point,
      scenario,
      proxy: registry.get("proxy", point.proxy).plugin,
      tool: tool.plugin,
      rig,
      freshProcess: this.#keeper.startSeconds !== undefined,
      origins,
      load: (wish, watch) => runLoad(tool, wish, signal, watch),
      ...this.#supplies.knownBaseline(point),
      restCores,
      proxyCores,
      speed: (from, to) => this.#supplies.speed(from, to),
      onFigures: (phase, figures) => this.#job.emit({ type: "sample", sequence, phase, ...figures }),
      onSampleFault: (fault) => this.#warnOfSamples(fault),
    });
  }

  /** Tells once of each fault for which there are no live figures. */
  #warnOfSamples({ message }: LabError): void {
    if (!this.#sampleFaults.has(message)) this.#job.emit({ type: "warning", message: `no live figures: ${message}` });
    this.#sampleFaults.add(message);
  }

  #circumstances(point: Point, rigKey: string) {
    const planned = this.#keeper.planned(rigKey);
    return {
      deviations: planned?.deviations ?? [],
      ...(planned ? { configuration: planned.configuration } : {}),
      freshProcess: this.#keeper.startSeconds !== undefined,
      ...this.#supplies.knownBaseline(point),
    };
  }

  /** A load that failed because its proxy died is a fault of the proxy, most often of its memory limit. */
  async #explain(cause: unknown, { proxy }: Point, rigKey: string): Promise<Pick<TrialOutcome, "error" | "verdict">> {
    const counters = await this.#keeper
      .rig(rigKey)
      ?.control.usage()
      .catch(() => undefined);
    const error = counters?.oomKills
      ? new LabError("LAB_MEMORY", `${proxy} was killed at its memory limit while under load`, { cause })
      : toLabError(cause);
    const sockets = withoutAbsent<SocketEvidence>({ timeWaitSockets: timeWaitSockets(), localPorts: localPorts() });
    const verdict = judgeFailure(error, sockets);
    return { error, ...(verdict ? { verdict } : {}) };
  }
}
