import { figureOf, type LearnableFigure, type LearnedFigure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { TABLES } from "../../domain/tables.ts";
import { type Bound, type ShownBound, showsProxy } from "../../domain/verdicts.ts";

/**
 * Why a trial does not teach: its bound where that is something else than the proxy, what it lacks, or that it had a memory limit where those
 * without one teach, or none where those with one do.
 */
export type Exclusion =
  | Exclude<Bound, ShownBound>
  | "failed"
  | "skipped"
  | "no-verdict"
  | "no-figure"
  | "memory-limit"
  | "no-memory-limit";

/** Fewest different points that a model can be judged by, however often each was repeated. */
export const FEWEST_POINTS = 3;

/** Why a trial teaches nothing about a figure, whatever it is asked for; `undefined` where it teaches. */
export function exclusionOf(trial: TrialRecord, { of, learnable }: LearnableFigure): Exclusion | undefined {
  if (trial.status !== "completed") return trial.status;
  const bound = trial.verdict?.bound;
  if (bound === undefined) return "no-verdict";
  if (!showsProxy(bound)) return bound;
  const figure = of(trial);
  return figure !== undefined && figure + (learnable.offset ?? 0) > 0 && figure < Infinity ? undefined : "no-figure";
}

/** Whether a trial teaches about each of some figures. */
export function teaches(trial: TrialRecord, targets: readonly LearnedFigure[], tables = TABLES): boolean {
  return targets.every((target) => exclusionOf(trial, figureOf(target, tables.figures)) === undefined);
}

/** Whether a trial had a memory limit. */
export function hasMemoryLimit({ point }: TrialRecord): boolean {
  return point.memoryBytes !== undefined;
}

/** Whether most of some trials had a memory limit; of as many with as without, whether the last one had. */
export function mostlyLimited(trials: readonly TrialRecord[]): boolean {
  const limited = trials.filter(hasMemoryLimit).length;
  if (2 * limited !== trials.length) return 2 * limited > trials.length;
  const last = trials.at(-1);
  return last !== undefined && hasMemoryLimit(last);
}

/** Numbers of trials that do not teach, in words: `4 failed`, `1 without a memory limit`. */
export function exclusionsInWords(excluded: Readonly<Partial<Record<Exclusion, number>>>): string[] {
  const words: Partial<Record<string, string>> = {
    "memory-limit": "with a memory limit (--memory)",
    "no-memory-limit": "without a memory limit (--memory none)",
  };
  return Object.entries(excluded).map(([reason, count]) => `${count} ${words[reason] ?? reason}`);
}
