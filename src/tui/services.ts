import type { ModelComparison, Question, Refused } from "../core/answer/index.ts";
import type { LabNotice } from "../core/domain/face.ts";
import type { LearnedFigure } from "../core/domain/figures.ts";
import type { SweepFlags } from "../core/domain/options.ts";
import type { TrialRecord } from "../core/domain/record.ts";
import type { Problem } from "../core/errors.ts";
import type { Diagnosis, Lab, PluginsInUse, Preset, SteeringCommand, StoredSweep, SweepPreview } from "../core/lab.ts";

/**
 * The work of core as the console asks for it. All of it is done in a thread of its own, so that keys are answered
 * meanwhile. Whatever is rejected is a `Problem`.
 */
export interface Services extends Pick<Lab["answers"], "predict" | "curve" | "recommend"> {
  plugins(): Promise<PluginsInUse>;
  diagnose(): Promise<Diagnosis>;
  /** Newest first. */
  sweeps(): Promise<readonly StoredSweep[]>;
  /** Trials that were stored after a place in the store (0: all), at most a chunk of them, and the place to go on from. */
  trialsAfter(place: number): Promise<{ readonly records: readonly TrialRecord[]; readonly place: number }>;
  /** What a sweep of these options would be. Rejects where it could not be run. */
  preview(flags: SweepFlags): Promise<SweepPreview>;
  presets(): Promise<readonly Preset[]>;
  /** Writes an experiment file; rejects where there is one of that name already. */
  saveExperiment(file: string, flags: SweepFlags): Promise<void>;

  /** What was composed last, of an earlier console too. */
  recall(): Promise<SweepFlags | undefined>;
  /** Resolves to a notice where it cannot be kept. */
  remember(flags: SweepFlags): Promise<LabNotice | undefined>;

  models(about: Question, target: LearnedFigure): Promise<ModelComparison | Refused>;

  /**
   * Runs a command of the command line, such as `["setup", "wrk", "--yes"]`, in a process of its own. `onLine` gets each
   * line that it prints.
   */
  command(args: readonly string[], onLine: (line: string) => void): Promise<CommandEnd>;
}

/** How a command ended. */
export interface CommandEnd {
  readonly code: number;
  /** Why it failed; absent where it did not, or could not tell. */
  readonly problem?: Problem;
}

/** A sweep in a process of its own, held by the console: it stops when the console ends, unless it was detached. */
export interface HeldSweep {
  tell(command: Told): void;
  /** Lets it run on without the console; returns the file that its events go to. */
  detach(): string;
  /** Resolves when it has ended: with the reason where it failed. */
  readonly ended: Promise<Problem | undefined>;
}

/** What a held sweep is told. */
export type Told = SteeringCommand | { readonly do: "stop" };
