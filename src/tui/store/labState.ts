import type { TrialRecord } from "../../core/domain/record.ts";
import type { Diagnosis, PluginsInUse, StoredSweep } from "../../core/lab.ts";
import { followed } from "./followed.ts";
import { noRun, type RunState } from "./runState.ts";

/** What all screens look at. */
export interface LabState {
  readonly run: RunState;
  /** Newest first. */
  readonly sweeps: readonly StoredSweep[];
  /** All trials of the store, in the order in which they were stored. */
  readonly trials: readonly TrialRecord[];
  /** The trials are all read. */
  readonly loaded: boolean;
  readonly plugins?: PluginsInUse;
  readonly diagnosis?: Diagnosis;
}

export const emptyLab: LabState = { run: noRun, sweeps: [], trials: [], loaded: false };

/** The state with further trials; one that is there already is replaced. */
export function withTrials(lab: LabState, records: readonly TrialRecord[]): LabState {
  if (records.length === 0) return lab;
  const again = new Set(records.map(({ id }) => id));
  return { ...lab, trials: [...lab.trials.filter(({ id }) => !again.has(id)), ...records] };
}

/** The same sweeps, as far on as before: what is drawn from them need not be drawn again. */
export function sameSweeps(before: readonly StoredSweep[], after: readonly StoredSweep[]): boolean {
  const heads = (sweeps: readonly StoredSweep[]) => sweeps.map(({ id, status }) => `${id} ${status}`).join();
  return heads(before) === heads(after);
}

/**
 * The state with the sweeps of the store. What is not run here is followed: the newest sweep that runs, else the newest. The
 * own one is shown until another begins after it has ended.
 */
export function withSweeps(lab: LabState, sweeps: readonly StoredSweep[]): LabState {
  const { run, trials } = lab;
  const [newest] = sweeps;
  const another = newest?.status === "running" && newest.id !== run.sweepId;
  if (run.how === "own" && (run.phase !== "ended" || !another)) return { ...lab, sweeps };
  const shown = sweeps.find(({ status }) => status === "running") ?? newest;
  if (!shown) return { ...lab, sweeps };
  const records = trials.filter(({ sweepId }) => sweepId === shown.id);
  return { ...lab, sweeps, run: followed(run, shown, records) };
}
