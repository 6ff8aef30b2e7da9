import type { Diagnosis } from "../../core/doctor/diagnose.ts";
import type { TrialRecord } from "../../core/records/record.ts";
import type { StoredSweep } from "../../core/store/store.ts";
import type { PluginList } from "../services.ts";
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
  readonly plugins?: PluginList;
  readonly diagnosis?: Diagnosis;
}

export const emptyLab: LabState = { run: noRun, sweeps: [], trials: [], loaded: false };
