import type { LabEvent, SweepStatus } from "../../core/domain/events.ts";
import type { Point } from "../../core/domain/point.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { planSweep, pointsOf } from "../../core/plan/plan.ts";
import type { RoundsSeen } from "./rounds.ts";
import type { LogLine } from "./runLog.ts";

export type LiveSample = Extract<LabEvent, { type: "sample" }>;

/** The trial in work. */
export interface CurrentTrial {
  readonly sequence: number;
  readonly replicate: number;
  readonly point: Point;
  readonly reason?: string;
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** The newest ones. */
  readonly samples: readonly LiveSample[];
}

/** A sweep as its events tell it. */
export interface RunState {
  /** `own`: run by this console; `followed`: run elsewhere, seen through the store. */
  readonly how: "none" | "own" | "followed";
  readonly phase: "starting" | "running" | "pausing" | "paused" | "stopping" | "ended";
  readonly sweepId?: string;
  readonly spec?: SweepSpec;
  readonly status?: SweepStatus;
  /** Why it could not be run, in one line and one of help. */
  readonly problem?: { readonly message: string; readonly help?: string };
  readonly preparing?: Extract<LabEvent, { type: "preparing" }>;
  readonly current?: CurrentTrial;
  /** See `plannedPoints`. */
  readonly planned: readonly Point[];
  readonly records: readonly TrialRecord[];
  /** Absent until a first round is whole, and in other plans. */
  readonly rounds?: RoundsSeen;
  readonly remainingTrials: number;
  /** When the sweep began and when it is expected to end, ISO 8601. */
  readonly startedAt?: string;
  readonly endsAt?: string;
  readonly endedAt?: string;
  readonly log: readonly LogLine[];
}

export const noRun: RunState = {
  how: "none",
  phase: "ended",
  planned: [],
  records: [],
  remainingTrials: 0,
  log: [],
};

/** The sweep of a state is being measured right now. */
export function isMeasuring({ how, phase }: RunState): boolean {
  return how === "own" && phase !== "ended";
}

/** A window or a warm-up is open: whatever the console does now disturbs what is measured. */
export function windowIsOpen({ current, phase }: RunState): boolean {
  return phase !== "ended" && current !== undefined;
}

/** The point of each trial that is planned, as far as that is known beforehand; in rounds, of each trial of a round. */
export function plannedPoints(spec: SweepSpec): Point[] {
  if (spec.plan === "rounds") return pointsOf(spec);
  return spec.plan === "grid" || spec.plan === "random" ? planSweep(spec).map(({ point }) => point) : [];
}
