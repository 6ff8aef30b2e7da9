import type { LabError } from "../errors.ts";
import type { SweepStatus } from "../records/events.ts";
import { type Environment, SCHEMA_VERSION, type TrialRecord } from "../records/record.ts";
import type { Bench } from "./bench.ts";
import { Eta } from "./eta.ts";
import type { SweepJob, SweepOutcome } from "./job.ts";
import type { Measurement } from "./measurement.ts";
import type { PlannedGroup, PlannedTrial } from "./plan.ts";

/** How a trial ended: what was measured, or why nothing was. */
export type Outcome = Measurement &
  Pick<TrialRecord, "deviations" | "freshProcess" | "directRequestsPerSecond"> & { readonly error?: LabError };

/** Makes the record of each trial, saves it, and tells about it and about the time left. */
export class Recorder {
  readonly #bench: Bench;
  readonly #job: SweepJob;
  readonly #environment: Environment;
  readonly #eta: Eta;
  readonly #counts = { completed: 0, failed: 0, skipped: 0 };
  readonly #startedMs = performance.now();
  #trial = { startedAt: new Date(), startedMs: 0 };

  constructor(bench: Bench, job: SweepJob, environment: Environment, groups: readonly PlannedGroup[]) {
    this.#bench = bench;
    this.#job = job;
    this.#environment = environment;
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

  begin({ sequence, replicate, point }: PlannedTrial): void {
    this.#trial = { startedAt: new Date(), startedMs: performance.now() };
    this.#bench.emit({ type: "trial-started", sweepId: this.#job.id, sequence, replicate, point });
  }

  /** `openedSeconds`: part of the trial that went into starting the proxy; `undefined` where it was running. */
  end(trial: PlannedTrial, outcome: Outcome, openedSeconds: number | undefined): void {
    const record = this.#recordOf(trial, outcome);
    this.#job.save(record);
    this.#counts[record.status]++;
    this.#eta.measured((performance.now() - this.#trial.startedMs) / 1000, openedSeconds);
    const remainingSeconds = this.#eta.remainingSeconds();
    this.#bench.emit({ type: "trial-finished", sweepId: this.#job.id, record, remainingSeconds });
  }

  finish(status: SweepStatus): SweepOutcome {
    const outcome = { status, ...this.#counts };
    const elapsedSeconds = (performance.now() - this.#startedMs) / 1000;
    this.#bench.emit({ type: "sweep-finished", sweepId: this.#job.id, ...outcome, elapsedSeconds });
    return outcome;
  }

  #recordOf({ sequence, replicate, point }: PlannedTrial, { error, ...outcome }: Outcome): TrialRecord {
    return {
      schemaVersion: SCHEMA_VERSION,
      id: `${this.#job.id}.${sequence}`,
      sweepId: this.#job.id,
      sequence,
      replicate,
      status: error ? "failed" : "completed",
      startedAt: this.#trial.startedAt.toISOString(),
      point,
      scenario: this.#job.spec.scenario,
      ...outcome,
      ...(error ? { error: { code: error.code, message: withHelp(error) } } : {}),
      environment: this.#environment,
    };
  }
}

function withHelp({ message, help }: LabError): string {
  return help ? `${message} (${help})` : message;
}
