import type { TrialRecord } from "../../core/domain/record.ts";
import type { StoredSweep } from "../../core/lab.ts";
import { previewSweep } from "../../core/plan/preview.ts";
import { isInRounds, roundsStored } from "./rounds.ts";
import { logOf } from "./runLog.ts";
import { noRun, plannedPoints, type RunState } from "./runState.ts";

/** A sweep that another process runs or ran, as the store tells of it. */
export function followed(state: RunState, sweep: StoredSweep, records: readonly TrialRecord[]): RunState {
  const { id, spec, status, createdAt } = sweep;
  if (state.sweepId === id && state.status === status && state.records.length === records.length) return state;
  const before = state.sweepId === id ? state.rounds : undefined;
  const rounds = isInRounds(sweep) ? roundsStored(records, status !== "running", before) : undefined;
  return {
    ...noRun,
    how: "followed",
    phase: status === "running" ? "running" : "ended",
    sweepId: id,
    spec,
    status,
    planned: plannedPoints(spec),
    startedAt: createdAt,
    records,
    ...(rounds && { rounds }),
    remainingTrials: status === "running" ? Math.max(0, previewSweep(spec).trials - records.length) : 0,
    log: logOf(records, isInRounds(sweep)),
  };
}
