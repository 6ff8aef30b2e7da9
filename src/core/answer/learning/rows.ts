import type { Training } from "../../contract/index.ts";
import { quantities } from "../../domain/factors.ts";
import { figureOf, type LearnableFigure, type LearnedFigure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { TABLES } from "../../domain/tables.ts";
import { type Bound, isOwnLimit, type OwnLimit } from "../../domain/verdicts.ts";
import { type Ceiling, highestCeilings } from "./ceilings.ts";
import { differences, trialConditions } from "./comparable.ts";

/** Why a trial does not teach: its bound where that is not the proxy, or what it lacks. */
export type Exclusion = Exclude<Bound, OwnLimit> | "failed" | "skipped" | "no-verdict" | "no-figure";

/** What the trials of one proxy teach about one figure. */
export interface Rows {
  readonly target: LearnedFigure;
  /** The figures `y` are raised by the offset of the target. */
  readonly training: Training;
  /** Id of the trial behind each row. */
  readonly trials: readonly string[];
  /** Number of trials that do not teach, by reason. */
  readonly excluded: Readonly<Partial<Record<Exclusion, number>>>;
  /** The highest for each number of servers and each concurrency. */
  readonly ceilings: readonly Ceiling[];
  /** The highest memory limit that the proxy did not live with, in bytes; absent where it lived with all. */
  readonly deadlyMemoryBytes?: number;
  /** The highest memory use of the teaching trials, in bytes; absent where it was not counted. */
  readonly memoryPeakBytes?: number;
}

/**
 * Rows for models from the trials of one proxy under one load tool in one scenario. A factor becomes a column where all
 * rows have it. Throws a RangeError where trials of several proxies, load tools, roles or scenarios are mixed.
 */
export function trainingRows(
  trials: readonly TrialRecord[],
  target: LearnedFigure = "requestsPerSecond",
  tables = TABLES,
): Rows {
  const figure = figureOf(target, tables.figures);
  refuseMixtures(trials);
  const judged = trials.map((trial) => ({ trial, exclusion: exclusionOf(trial, figure) }));
  const teaching = judged.filter(({ exclusion }) => exclusion === undefined).map(({ trial }) => trial);
  const factors = quantities(tables.factors).filter(({ read }) =>
    teaching.every(({ point }) => read(point) !== undefined),
  );
  return {
    target,
    training: {
      factors: factors.map(({ key }) => key),
      x: teaching.map(({ point }) => factors.map(({ read }) => read(point)!)),
      y: teaching.map((trial) => figure.of(trial)! + (figure.learnable.offset ?? 0)),
    },
    trials: teaching.map(({ id }) => id),
    excluded: count(judged.flatMap(({ exclusion }) => exclusion ?? [])),
    ceilings: figure.learnable.rises ? highestCeilings(trials, figure) : [],
    ...memoryOf(trials, teaching),
  };
}

/** What the trials tell of the memory that is needed. */
function memoryOf(
  trials: readonly TrialRecord[],
  teaching: readonly TrialRecord[],
): Pick<Rows, "deadlyMemoryBytes" | "memoryPeakBytes"> {
  const limits = (some: readonly TrialRecord[]) => some.flatMap(({ point }) => point.memoryBytes ?? []);
  const leastLived = Math.min(...limits(trials.filter(({ status }) => status === "completed")));
  const died = limits(trials.filter(wasKilled)).filter((bytes) => bytes < leastLived);
  const peaks = teaching.flatMap(({ usage }) => usage?.memoryPeakBytes ?? []);
  return {
    ...(died.length > 0 && { deadlyMemoryBytes: Math.max(...died) }),
    ...(peaks.length > 0 && { memoryPeakBytes: Math.max(...peaks) }),
  };
}

/** The proxy was killed at its memory limit, or could not live with it. */
export function wasKilled({ status, error, verdict }: TrialRecord): boolean {
  return status === "failed" && (error?.code === "LAB_MEMORY" || verdict?.bound === "memory-bound");
}

/** The same rows cut down to the trials that all have, in the same order; the others count as without figure. */
export function inCommon(sets: readonly Rows[]): Rows[] {
  const known = sets.map(({ trials }) => new Set(trials));
  return sets.map((rows) => {
    const kept = rows.trials.flatMap((id, row) => (known.every((ids) => ids.has(id)) ? [row] : []));
    const { factors, x, y } = rows.training;
    const training = { factors, x: kept.map((row) => x[row]!), y: kept.map((row) => y[row]!) };
    const lost = rows.trials.length - kept.length;
    const excluded = { ...rows.excluded, "no-figure": (rows.excluded["no-figure"] ?? 0) + lost };
    return { ...rows, training, trials: kept.map((row) => rows.trials[row]!), ...(lost > 0 && { excluded }) };
  });
}

function refuseMixtures(trials: readonly TrialRecord[]): void {
  const [first, ...others] = trials;
  for (const other of others) {
    const [mixed] = differences(first!, other);
    if (mixed === undefined) continue;
    const values = [first!, other].map((trial) => trialConditions(trial)[mixed]);
    throw new RangeError(`rows must be of one ${mixed}, not of ${values[0]} and ${values[1]}`);
  }
}

function exclusionOf(trial: TrialRecord, { of, learnable }: LearnableFigure): Exclusion | undefined {
  if (trial.status !== "completed") return trial.status;
  const bound = trial.verdict?.bound;
  if (bound === undefined) return "no-verdict";
  if (!isOwnLimit(bound)) return bound;
  const figure = of(trial);
  return figure !== undefined && figure + (learnable.offset ?? 0) > 0 && figure < Infinity ? undefined : "no-figure";
}

function count(reasons: readonly Exclusion[]): Partial<Record<Exclusion, number>> {
  const counts: Partial<Record<Exclusion, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
