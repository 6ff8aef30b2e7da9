import type { SweepEnd } from "../../domain/events.ts";
import type { TrialRecord } from "../../domain/record.ts";
import type { SweepSpec } from "../../domain/spec.ts";
import type { SweepControl } from "./control.ts";

/** A sweep to be run, and where its records go. */
export interface SweepJob {
  readonly id: string;
  readonly spec: SweepSpec;
  /** Records of an earlier, interrupted run of the same sweep. */
  readonly earlier: readonly TrialRecord[];
  /** Steers it while it runs. */
  readonly control: SweepControl;
  /** Called once all that the sweep needs was found, before anything is started. */
  begin(): void;
  /** Called with each record before the next trial begins. */
  save(record: TrialRecord): void;
}

export interface SweepOutcome {
  readonly status: SweepEnd;
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
}
