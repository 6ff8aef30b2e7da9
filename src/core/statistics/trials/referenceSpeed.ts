import type { TrialRecord } from "../../domain/record.ts";

/** What speed probes say of some trials of one machine: how fast it was, and how much each proxy depends on it. */
export interface ReferenceSpeed {
  /** Median of the probe's time over the trials, in microseconds. */
  readonly probeMicros: number;
  readonly proxies: ReadonlyMap<string, SpeedSlope>;
}

/** How the CPU time of a proxy's requests follows the probe's time: d log / d log. */
export interface SpeedSlope {
  readonly slope: number;
  readonly slopeError: number;
  /** Share of the variance between runs that the probe explains; absent where too little was repeated to know. */
  readonly explained?: number;
  /** False where the evidence says that correcting does not help: figures stay as they were measured. */
  readonly used: boolean;
}

/** `undefined` where no trial has a reading. */
export function referenceSpeedOf(_records: readonly TrialRecord[]): ReferenceSpeed | undefined {
  return undefined;
}

/** Trials with their rates, costs and mean latencies at a reference speed, that of their own median unless given. */
export function atReferenceSpeed(
  records: readonly TrialRecord[],
  _reference: ReferenceSpeed | undefined = referenceSpeedOf(records),
): readonly TrialRecord[] {
  return records;
}
