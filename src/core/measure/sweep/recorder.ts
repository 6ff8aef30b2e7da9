import type { SweepEnd } from "../../domain/events.ts";
import { SCHEMA_VERSION, type Timing, type TrialRecord } from "../../domain/record.ts";
import type { LabError } from "../../errors.ts";
import { Eta } from "../../plan/eta.ts";
import type { PlannedTrial, Queue } from "../../plan/plan.ts";
import { markOf, summaryOf } from "../../statistics/trials/summary.ts";
import type { Bench } from "../trial/bench.ts";
import type { Measurement } from "../trial/measurement.ts";
import type { EnvironmentUnder } from "./environment.ts";
import type { SweepJob, SweepOutcome } from "./job.ts";

/** How a trial ended: what was measured, or why nothing was. */
export type Outcome = Measurement &
  Pick<TrialRecord, "deviations" | "configuration" | "freshProcess" | "directRequestsPerSecond"> & {
    readonly timing?: Omit<Timing, "total" | "start">;
    readonly error?: LabError;
    readonly skipped?: true;
  };

/** Makes the record of each trial, saves it, and tells about it and about the time left. */
export class Recorder {
  readonly #bench: Bench;
  readonly #job: SweepJob;
  readonly #environment: EnvironmentUnder;
  readonly #queue: Queue;
  readonly #eta: Eta;
  readonly #counts = { completed: 0, failed: 0, skipped: 0 };
  readonly #startedMs = performance.now();
  #trial = { startedAt: new Date(), startedMs: 0 };

  constructor(bench: Bench, job: SweepJob, environment: EnvironmentUnder, queue: Queue) {
    this.#bench = bench;
    this.#job = job;
    this.#environment = environment;
    this.#queue = queue;
    this.#eta = new Eta(job.spec.scenario);
    job.control.onSteered = (what) => bench.emit({ type: "steered", sweepId: job.id, what });
    bench.emit({
      type: "sweep-planned",
      sweepId: job.id,
      trials: queue.remaining().trials,
      alreadyDone: job.earlier.length,
      spec: job.spec,
      estimatedSeconds: this.#eta.remainingSeconds(queue.remaining()),
    });
  }

  begin(trial: PlannedTrial): void {
    this.#trial = { startedAt: new Date(), startedMs: performance.now() };
    this.#bench.emit({ type: "trial-started", sweepId: this.#job.id, ...trial });
  }

  /** `startSeconds`: part of the trial that went into starting the proxy; `undefined` where it was running. */
  end(trial: PlannedTrial, outcome: Outcome, startSeconds: number | undefined): TrialRecord {
    const total = (performance.now() - this.#trial.startedMs) / 1000;
    const timing = { total, ...(startSeconds === undefined ? {} : { start: startSeconds }), ...outcome.timing };
    const record = { ...this.#recordOf(trial, outcome), timing };
    this.#job.save(record);
    this.#counts[record.status]++;
    if (!outcome.skipped) this.#eta.measured(total, startSeconds);
    const outlook = this.#queue.remaining();
    const remaining = { remainingSeconds: this.#eta.remainingSeconds(outlook), remainingTrials: outlook.trials };
    this.#bench.emit({ type: "trial-finished", sweepId: this.#job.id, record, ...remaining });
    return record;
  }

  warn(message: string): void {
    this.#bench.emit({ type: "warning", sweepId: this.#job.id, message });
  }

  /** Will another trial probably end within the budget? The first one is measured whatever it takes. */
  hasTime(): boolean {
    const { control, spec } = this.#job;
    const budgetSeconds = control.budgetSeconds(spec.budgetSeconds);
    const { completed, failed, skipped } = this.#counts;
    if (budgetSeconds === undefined || completed + failed + skipped === 0) return true;
    const elapsed = (performance.now() - this.#startedMs) / 1000 - control.pausedSeconds;
    return elapsed + this.#eta.remainingSeconds({ trials: 1, starts: 0 }) <= budgetSeconds;
  }

  /** `records`: all of the sweep, those of an earlier run of it included. */
  finish(status: SweepEnd, records: readonly TrialRecord[]): SweepOutcome {
    const outcome = { status, ...this.#counts };
    const elapsedSeconds = (performance.now() - this.#startedMs) / 1000;
    const drift = markOf(records);
    const found = { configurations: summaryOf(records), ...(drift ? { drift } : {}) };
    this.#bench.emit({ type: "sweep-finished", sweepId: this.#job.id, ...outcome, elapsedSeconds, ...found });
    return outcome;
  }

  #recordOf(trial: PlannedTrial, { error, skipped, timing: _, ...outcome }: Outcome): TrialRecord {
    const { sequence, replicate, anchor, point, reason } = trial;
    return {
      schemaVersion: SCHEMA_VERSION,
      id: `${this.#job.id}.${sequence}`,
      sweepId: this.#job.id,
      sequence,
      replicate,
      ...(anchor ? { anchor } : {}),
      ...(reason ? { reason } : {}),
      status: skipped ? "skipped" : error ? "failed" : "completed",
      startedAt: this.#trial.startedAt.toISOString(),
      point,
      scenario: this.#job.spec.scenario,
      ...outcome,
      ...(error ? { error: { code: error.code, message: withHelp(error) } } : {}),
      environment: this.#environment(point.limiter),
    };
  }
}

function withHelp({ message, help }: LabError): string {
  return help ? `${message} (${help})` : message;
}
