import type { Training } from "../../contract/index.ts";
import { quantities } from "../../domain/factors.ts";
import { type Figure, figureOf, type LearnedFigure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { TABLES } from "../../domain/tables.ts";
import { geometricMean, mean } from "../../statistics/index.ts";
import { type SpeedBasis, speedBasisOf } from "../../statistics/trials/speeds.ts";
import { type Ceiling, highestCeilings } from "./ceilings.ts";
import { differences, rowOf, trialConditions } from "./comparable.ts";
import { type Exclusion, exclusionOf, hasMemoryLimit, mostlyLimited } from "./teaching.ts";

/** What the trials of one proxy teach about one figure. */
export interface Rows {
  readonly target: LearnedFigure;
  /** The figures `y` are raised by the offset of the target. */
  readonly training: Training;
  /** Ids of the trials behind the rows, row by row. */
  readonly trials: readonly string[];
  /** The figures of the trials behind each row, raised as `y` is; absent where each row is one trial. */
  readonly runs?: readonly (readonly number[])[];
  /** What the figures say of the speed of the machine; absent where no probe ran. */
  readonly speed?: SpeedBasis;
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
 * Rows for models from the trials of one proxy under one load tool in one scenario: one for each trial that had a window,
 * one for all visits of a configuration in a sweep, which together take about as long as a window. A factor becomes a
 * column where all rows have it: so either the trials with a memory limit teach, or those without one. `limited`: those
 * with one do; as most of those that could teach, unless given. Throws a RangeError where trials of several proxies, load
 * tools, roles, loops or scenarios are mixed.
 */
export function trainingRows(
  trials: readonly TrialRecord[],
  target: LearnedFigure = "requestsPerSecond",
  tables = TABLES,
  limited?: boolean,
): Rows {
  const figure = figureOf(target, tables.figures);
  refuseMixtures(trials);
  const able = trials.map((trial) => ({ trial, exclusion: exclusionOf(trial, figure) }));
  const wanted =
    limited ?? mostlyLimited(able.flatMap(({ trial, exclusion }) => (exclusion === undefined ? trial : [])));
  const judged = able.map(({ trial, exclusion }) => {
    return { trial, exclusion: exclusion ?? memoryExclusion(trial, wanted) };
  });
  const teaching = judged.filter(({ exclusion }) => exclusion === undefined).map(({ trial }) => trial);
  const factors = quantities(tables.factors).filter(({ read }) =>
    teaching.every(({ point }) => read(point) !== undefined),
  );
  // In the order of all trials, whichever of them teach: rows of several figures stand side by side.
  const teaches = new Set(teaching);
  const rows = [...Map.groupBy(trials, rowOf).values()]
    .map((row) => row.filter((trial) => teaches.has(trial)))
    .filter(({ length }) => length > 0);
  const runs = rows.map((row) => row.map((trial) => figure.of(trial)! + (figure.learnable.offset ?? 0)));
  const speed = figure.followsSpeed && speedBasisOf(teaching);
  return {
    target,
    training: {
      factors: factors.map(({ key }) => key),
      x: rows.map(([first]) => factors.map(({ read }) => read(first!.point)!)),
      y: runs.map(meanOfRuns),
      figure: target,
      others: othersOf(rows, target, tables.figures),
    },
    trials: rows.flat().map(({ id }) => id),
    ...(rows.length < teaching.length && { runs }),
    ...(speed && { speed }),
    excluded: count(judged.flatMap(({ exclusion }) => exclusion ?? [])),
    ceilings: figure.learnable.rises ? highestCeilings(trials, figure) : [],
    ...memoryOf(trials, teaching),
  };
}

/** What models may look at beside the figure that they learn: means of the trials behind each row. */
function othersOf(rows: readonly (readonly TrialRecord[])[], target: string, figures: readonly Figure[]) {
  const columns = figures.filter(({ id, informs }) => informs && id !== target);
  return Object.fromEntries(
    columns.map(({ id, of }) => {
      return [id, rows.map((row) => meanOrNull(row.flatMap((trial) => of(trial) ?? [])))];
    }),
  );
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

/** Models learn logarithms. A figure alone stays as it is, to the last digit. */
export function meanOfRuns(runs: readonly number[]): number {
  return runs.length === 1 ? runs[0]! : geometricMean(runs);
}

/** The figures of the trials behind each row. */
export function runsBehind({ training, runs }: Pick<Rows, "training" | "runs">): readonly (readonly number[])[] {
  return runs ?? training.y.map((figure) => [figure]);
}

/** Number of trials that teach. */
export function trialCount(rows: Pick<Rows, "training" | "runs">): number {
  return runsBehind(rows).reduce((sum, { length }) => sum + length, 0);
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

function refuseMixtures(trials: readonly TrialRecord[]): void {
  const [first, ...others] = trials;
  for (const other of others) {
    const [mixed] = differences(first!, other);
    if (mixed === undefined) continue;
    const values = [first!, other].map((trial) => trialConditions(trial)[mixed]);
    throw new RangeError(`rows must be of one ${mixed}, not of ${values[0]} and ${values[1]}`);
  }
}

function memoryExclusion(trial: TrialRecord, limited: boolean): Exclusion | undefined {
  if (hasMemoryLimit(trial) === limited) return undefined;
  return limited ? "no-memory-limit" : "memory-limit";
}

function count(reasons: readonly Exclusion[]): Partial<Record<Exclusion, number>> {
  const counts: Partial<Record<Exclusion, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
