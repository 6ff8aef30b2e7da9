import type { SweepEnd } from "../../domain/events.ts";
import { optionsAt } from "../../domain/pluginOptions.ts";
import { SCHEMA_VERSION, type Timing, type TrialFailure, type TrialRecord } from "../../domain/record.ts";
import type { LabError } from "../../errors.ts";
import { Eta } from "../../plan/eta.ts";
import type { PlannedTrial, Queue, Round } from "../../plan/plan.ts";
import { atReferenceSpeed } from "../../statistics/trials/referenceSpeed.ts";
import { markOf, summaryOf } from "../../statistics/trials/summary.ts";
import type { Measurement } from "../trial/measurement.ts";
import type { SweepJob, SweepOutcome, SweepParts } from "./job.ts";

/** How a trial ended: what was measured, or why nothing was. */
export type TrialOutcome = Measurement &
  Pick<TrialRecord, "deviations" | "configuration" | "freshProcess" | "directRequestsPerSecond" | "directLatencyMs"> & {
    readonly timing?: Omit<Timing, "total" | "start">;
    readonly error?: LabError;
    readonly skipped?: true;
  };

/** Makes the record of each trial, saves it, and tells about it, the sweep and the time left. */
export class Recorder {
  readonly #job: SweepJob;
  readonly #parts: SweepParts;
  readonly #queue: Queue;
  readonly #eta: Eta;
  readonly #counts = { completed: 0, failed: 0, skipped: 0 };
  #startedMs = 0;
  #trial = { startedAt: "", startedMs: 0 };

  constructor(job: SweepJob, parts: SweepParts, queue: Queue) {
    this.#job = job;
    this.#parts = parts;
    this.#queue = queue;
    this.#eta = new Eta(job.spec.scenario);
  }

  /** The sweep starts now. */
  start(): void {
    const { control, earlier, spec } = this.#job;
    this.#startedMs = this.#parts.clock.now();
    control.onSteered = (what) => this.#job.emit({ type: "steered", what });
    const remaining = this.#queue.remaining();
    this.#job.emit({
      type: "sweep-planned",
      trials: remaining.trials,
      alreadyDone: earlier.length,
      spec,
      estimatedSeconds: this.#eta.remainingSeconds(remaining),
    });
  }

  begin(trial: PlannedTrial): void {
    this.#trial = { startedAt: new Date().toISOString(), startedMs: this.#parts.clock.now() };
    this.#job.emit({ type: "trial-started", ...trial });
  }

  /** `startSeconds`: part of the trial that went into starting the proxy; `undefined` where it was running. */
  async end(trial: PlannedTrial, outcome: TrialOutcome, startSeconds: number | undefined): Promise<TrialRecord> {
    const total = this.#secondsSince(this.#trial.startedMs);
    const timing = { total, ...(startSeconds === undefined ? {} : { start: startSeconds }), ...outcome.timing };
    const record = { ...this.#recordOf(trial, outcome), timing };
    await this.#job.save(record);
    this.#counts[record.status]++;
    if (!outcome.skipped) this.#eta.measured(total, startSeconds);
    const remaining = this.#queue.remaining();
    const remainingSeconds = this.#eta.remainingSeconds(remaining);
    this.#job.emit({ type: "trial-finished", record, remainingSeconds, remainingTrials: remaining.trials });
    return record;
  }

  endRound(round: Round): void {
    const remainingSeconds = this.#eta.remainingSeconds(this.#queue.remaining());
    this.#job.emit({ type: "round-finished", ...round, remainingSeconds });
  }

  /** Will another trial probably end within the budget? The first one is measured whatever it takes. */
  hasTime(): boolean {
    const { control, spec } = this.#job;
    const budgetSeconds = control.budgetSeconds(spec.budgetSeconds);
    const { completed, failed, skipped } = this.#counts;
    if (budgetSeconds === undefined || completed + failed + skipped === 0) return true;
    const elapsed = this.#secondsSince(this.#startedMs) - control.pausedSeconds;
    return elapsed + this.#eta.remainingSeconds({ trials: 1, starts: 0 }) <= budgetSeconds;
  }

  /** `records`: all of the sweep, those of an earlier run of it included. */
  finish(status: SweepEnd, records: readonly TrialRecord[]): SweepOutcome {
    const outcome = { status, ...this.#counts };
    const elapsedSeconds = this.#secondsSince(this.#startedMs);
    const corrected = atReferenceSpeed(records);
    const drift = markOf(corrected);
    const found = { configurations: summaryOf(corrected), ...(drift ? { drift } : {}) };
    this.#job.emit({ type: "sweep-finished", ...outcome, elapsedSeconds, ...found });
    return outcome;
  }

  #recordOf(trial: PlannedTrial, { error, skipped, timing: _, ...outcome }: TrialOutcome): TrialRecord {
    const { sequence, replicate, anchor, point, reason } = trial;
    const { scenario, options = {} } = this.#job.spec;
    const given = optionsAt(options, point);
    return {
      schemaVersion: SCHEMA_VERSION,
      id: `${this.#job.id}.${sequence}`,
      sweepId: this.#job.id,
      sequence,
      replicate,
      ...(anchor ? { anchor } : {}),
      ...(reason ? { reason } : {}),
      status: skipped ? "skipped" : error ? "failed" : "completed",
      startedAt: this.#trial.startedAt,
      point,
      scenario,
      ...(given && { options: given }),
      ...outcome,
      ...(error ? { error: failureOf(error) } : {}),
      environment: this.#parts.environment(point.limiter),
    };
  }

  #secondsSince(startMs: number): number {
    return (this.#parts.clock.now() - startMs) / 1000;
  }
}

function failureOf({ code, message, help, output }: LabError): TrialFailure {
  return { code, message: help ? `${message} (${help})` : message, ...(output === undefined ? {} : { output }) };
}
