import type { LabEvent, SweepStatus } from "../../core/domain/events.ts";
import type { Point } from "../../core/domain/point.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { isOwnLimit } from "../../core/domain/verdicts.ts";
import type { StoredSweep } from "../../core/lab.ts";
import { planSweep } from "../../core/plan/plan.ts";
import { previewSweep } from "../../core/plan/preview.ts";
import { outcomeInWords, placeInWords } from "../../core/words/trials.ts";

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

/** One line of a log. */
export interface LogLine {
  /** ISO 8601; its time of day is shown. */
  readonly at: string;
  readonly tone: "plain" | "good" | "warning" | "bad";
  readonly text: string;
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
  /** The point of each trial of the plan, as far as the plan is known beforehand. */
  readonly planned: readonly Point[];
  readonly records: readonly TrialRecord[];
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

/** Samples that a sparkline can show at most; log lines that anybody will scroll back to. */
const mostSamples = 120;
const mostLines = 500;

/** A sweep that this console has just asked for. */
export function startedRun(): RunState {
  return { ...noRun, how: "own", phase: "starting" };
}

/** The state after an event. Pure. */
export function seen(state: RunState, event: LabEvent): RunState {
  switch (event.type) {
    case "preparing":
      return { ...state, sweepId: event.sweepId, preparing: event };
    case "sweep-planned": {
      const { preparing: _, ...rest } = state;
      const { sweepId, spec, trials: remainingTrials, at: startedAt, estimatedSeconds } = event;
      const endsAt = later(startedAt, estimatedSeconds);
      return { ...rest, phase: "running", sweepId, spec, planned: pointsOf(spec), remainingTrials, startedAt, endsAt };
    }
    case "trial-started": {
      const { sequence, replicate, point, reason, at } = event;
      const current = { sequence, replicate, point, startedAt: at, samples: [], ...(reason ? { reason } : {}) };
      const next = { ...state, current };
      return reason ? logged(next, { at, tone: "plain", text: `next ${placeInWords(point)}: ${reason}` }) : next;
    }
    case "sample": {
      const { current } = state;
      if (current?.sequence !== event.sequence) return state;
      return { ...state, current: { ...current, samples: [...current.samples.slice(1 - mostSamples), event] } };
    }
    case "trial-finished":
      return withRecord(state, event);
    case "steered":
      return steered(state, event);
    case "warning":
      return logged(state, { at: event.at, tone: "warning", text: event.message });
    case "sweep-finished": {
      const { current: _, ...rest } = state;
      const { status, completed, failed, at } = event;
      const text = `${status}: ${completed} completed${failed > 0 ? `, ${failed} failed` : ""}`;
      const ended: RunState = { ...rest, phase: "ended", status, endedAt: at, remainingTrials: 0 };
      return logged(ended, { at, tone: "plain", text });
    }
    default:
      return state;
  }
}

/** The state once an own sweep was told to stop: the trial in work is put away first. */
export function stopping(state: RunState): RunState {
  return isMeasuring(state) ? { ...state, phase: "stopping" } : state;
}

/** The state when the process of an own sweep has ended, for whatever reason. */
export function problemSeen(state: RunState, problem: RunState["problem"]): RunState {
  const { current: _, preparing: __, ...rest } = state;
  const ended: RunState = { ...rest, phase: "ended" };
  if (!problem) return ended;
  return logged({ ...ended, problem }, { at: new Date().toISOString(), tone: "bad", text: problem.message });
}

/** A sweep that another process runs or ran, as the store tells of it. */
export function followed(state: RunState, sweep: StoredSweep, records: readonly TrialRecord[]): RunState {
  const { id, spec, status, createdAt } = sweep;
  if (state.sweepId === id && state.status === status && state.records.length === records.length) return state;
  return {
    ...noRun,
    how: "followed",
    phase: status === "running" ? "running" : "ended",
    sweepId: id,
    spec,
    status,
    planned: pointsOf(spec),
    startedAt: createdAt,
    records,
    remainingTrials: status === "running" ? Math.max(0, previewSweep(spec).trials - records.length) : 0,
    log: records.slice(-mostLines).map((record) => logLineOf(record, record.startedAt)),
  };
}

/** The sweep of a state is being measured right now. */
export function isMeasuring({ how, phase }: RunState): boolean {
  return how === "own" && phase !== "ended";
}

/** A window or a warm-up is open: whatever the console does now disturbs what is measured. */
export function windowIsOpen({ current, phase }: RunState): boolean {
  return phase !== "ended" && current !== undefined;
}

/** The state with a line added to its log. */
export function logged(state: RunState, added: LogLine): RunState {
  return { ...state, log: [...state.log.slice(1 - mostLines), added] };
}

const steeredInWords = {
  pausing: "pauses after this trial",
  paused: "paused",
  resumed: "goes on",
  skipped: "trial skipped",
  repeated: "trial begun anew",
  budget: "budget changed",
} as const;

function steered(state: RunState, { what, at }: Extract<LabEvent, { type: "steered" }>): RunState {
  const phase = what === "pausing" || what === "paused" ? what : what === "resumed" ? "running" : state.phase;
  const { current } = state;
  const again = what === "repeated" && current ? { current: { ...current, startedAt: at, samples: [] } } : {};
  return logged({ ...state, phase, ...again }, { at, tone: "plain", text: steeredInWords[what] });
}

function pointsOf(spec: SweepSpec): Point[] {
  return spec.plan === "grid" || spec.plan === "random" ? planSweep(spec).map(({ point }) => point) : [];
}

function withRecord(state: RunState, event: Extract<LabEvent, { type: "trial-finished" }>): RunState {
  const { record, remainingTrials, remainingSeconds, at } = event;
  const { current: _, ...rest } = state;
  const records = [...state.records.filter(({ id }) => id !== record.id), record];
  const next = { ...rest, records, remainingTrials, endsAt: later(at, remainingSeconds) };
  return logged(next, logLineOf(record, at));
}

function logLineOf(record: TrialRecord, at: string): LogLine {
  const tone = record.status === "failed" ? "bad" : isOwnLimit(record.verdict?.bound) ? "good" : "warning";
  return { at, tone, text: trialLine(record) };
}

/** A trial of a sweep in one line: what was measured, what held it back, and how that is known. */
export function trialLine(record: TrialRecord): string {
  const evidence = record.result && record.verdict ? ` (${record.verdict.evidence})` : "";
  return `${placeInWords(record.point)}: ${outcomeInWords(record)}${evidence}`;
}

function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}
