import type { LabEvent } from "../../core/domain/events.ts";
import { roundInWords, roundsEndInWords } from "../../core/words/rounds.ts";
import { placeInWords } from "../../core/words/trials.ts";
import { hasVisits, isInRounds } from "./rounds.ts";
import { endedLines, type LogLine, withLines } from "./runLog.ts";
import { isMeasuring, noRun, plannedPoints, type RunState } from "./runState.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { type: Type }>;

/** A sweep that this console has just asked for. */
export function startedRun(): RunState {
  return { ...noRun, how: "own", phase: "starting" };
}

/** Samples that a sparkline can show at most. */
const mostSamples = 120;

/** The state after an event. Pure. */
export function seen(state: RunState, event: LabEvent): RunState {
  switch (event.type) {
    case "preparing":
      return { ...state, sweepId: event.sweepId, preparing: event };
    case "sweep-planned": {
      const { preparing: _, ...rest } = state;
      const { sweepId, spec, trials: remainingTrials, at: startedAt, estimatedSeconds } = event;
      const endsAt = later(startedAt, estimatedSeconds);
      return {
        ...rest,
        phase: "running",
        sweepId,
        spec,
        planned: plannedPoints(spec),
        remainingTrials,
        startedAt,
        endsAt,
      };
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
    case "round-finished":
      return withRound(state, event);
    case "steered":
      return steered(state, event);
    case "warning":
      return logged(state, { at: event.at, tone: "warning", text: event.message });
    case "sweep-finished":
      return finished(state, event);
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

const steeredInWords = {
  pausing: "pauses after this trial",
  paused: "paused",
  resumed: "goes on",
  skipped: "trial skipped",
  repeated: "trial begun anew",
  budget: "budget changed",
} as const;

function steered(state: RunState, { what, at }: EventOf<"steered">): RunState {
  const phase = what === "pausing" || what === "paused" ? what : what === "resumed" ? "running" : state.phase;
  const { current, ...rest } = state;
  const trial = what === "repeated" && current ? { ...current, startedAt: at, samples: [] } : current;
  const kept = trial && what !== "paused" ? { current: trial } : {};
  return logged({ ...rest, phase, ...kept }, { at, tone: "plain", text: steeredInWords[what] });
}

function withRecord(state: RunState, event: EventOf<"trial-finished">): RunState {
  const { record, remainingTrials, remainingSeconds, at } = event;
  // The next visit begins at once: until then the last one stays, so that the screen does not flicker.
  const { current, ...rest } = state;
  const visit = hasVisits(state) && current ? { current } : {};
  const records = [...state.records.filter(({ id }) => id !== record.id), record];
  return logged(
    { ...rest, ...visit, records, remainingTrials, endsAt: later(at, remainingSeconds) },
    ...endedLines(record, at, isInRounds(state)),
  );
}

function withRound(state: RunState, event: EventOf<"round-finished">): RunState {
  const { round, remainingSeconds, at } = event;
  const rounds = { round, records: state.records, told: event };
  const next = { ...state, rounds, endsAt: later(at, remainingSeconds) };
  return logged(next, { at, tone: "plain", text: roundInWords(event) });
}

function finished(state: RunState, { status, completed, failed, at }: EventOf<"sweep-finished">): RunState {
  const { current: _, ...rest } = state;
  const ended: RunState = { ...rest, phase: "ended", status, endedAt: at, remainingTrials: 0 };
  const text = `${status}: ${completed} completed${failed > 0 ? `, ${failed} failed` : ""}`;
  const { spec, rounds } = state;
  const bands =
    spec && rounds?.told ? [roundsEndInWords(spec, { ...rounds.told, interrupted: status === "interrupted" })] : [];
  return logged(ended, ...[text, ...bands].map((text): LogLine => ({ at, tone: "plain", text })));
}

function logged(state: RunState, ...added: readonly LogLine[]): RunState {
  return { ...state, log: withLines(state.log, ...added) };
}

function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}
