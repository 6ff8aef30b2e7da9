import type { Training } from "../contract/index.ts";
import type { Bound, TrialRecord } from "../records/record.ts";
import { type Ceiling, highestCeilings } from "./ceilings.ts";
import { TARGETS, type TargetName } from "./targets.ts";

/** The factors that models learn from. CPU in cores, memory in bytes. */
export const FACTORS = ["cpu", "memoryBytes", "servers", "concurrency"] as const;
export type FactorName = (typeof FACTORS)[number];
/** A level for each factor that matters. */
export type Levels = Readonly<Partial<Record<FactorName, number>>>;

/** Why a trial does not teach: its bound where that is not the proxy, or what it lacks. */
export type Exclusion =
  | Exclude<Bound, "proxy-bound" | "memory-bound">
  | "failed"
  | "skipped"
  | "no-verdict"
  | "no-figure";

/** What the trials of one proxy teach about one figure. */
export interface Rows {
  readonly target: TargetName;
  readonly training: Training;
  /** Id of the trial behind each row. */
  readonly trials: readonly string[];
  /** Number of trials that do not teach, by reason. */
  readonly excluded: Readonly<Partial<Record<Exclusion, number>>>;
  /** The highest for each number of servers and each concurrency. */
  readonly ceilings: readonly Ceiling[];
}

/**
 * Rows for models from the trials of one proxy under one load tool in one scenario. A factor becomes a column where all
 * rows have it. Throws a RangeError where trials of several proxies, load tools, roles or scenarios are mixed.
 */
export function trainingRows(trials: readonly TrialRecord[], target: TargetName = "requestsPerSecond"): Rows {
  refuseMixtures(trials);
  const judged = trials.map((trial) => ({ trial, exclusion: exclusionOf(trial, target) }));
  const teaching = judged.filter(({ exclusion }) => exclusion === undefined).map(({ trial }) => trial);
  const factors = FACTORS.filter((factor) => teaching.every(({ point }) => point[factor] !== undefined));
  return {
    target,
    training: {
      factors,
      x: teaching.map(({ point }) => factors.map((factor) => point[factor]!)),
      y: teaching.map((trial) => TARGETS[target].read(trial)!),
    },
    trials: teaching.map(({ id }) => id),
    excluded: count(judged.flatMap(({ exclusion }) => exclusion ?? [])),
    ceilings: TARGETS[target].rises ? highestCeilings(trials, target) : [],
  };
}

/** What must be the same for all rows, since with another the same proxy follows another law. */
function conditionsOf({ point: { proxy, loadTool, role }, scenario }: TrialRecord): Readonly<Record<string, unknown>> {
  const { windowSeconds: _, maxWindowSeconds: __, warmupSeconds: ___, fresh: ____, ...conditions } = scenario;
  return { proxy, loadTool, role, ...conditions };
}

function refuseMixtures(trials: readonly TrialRecord[]): void {
  const [first = {}, ...others] = trials.map(conditionsOf);
  for (const other of others) {
    const mixed = Object.keys({ ...first, ...other }).find((key) => other[key] !== first[key]);
    if (mixed) throw new RangeError(`rows must be of one ${mixed}, not of ${first[mixed]} and ${other[mixed]}`);
  }
}

function exclusionOf(trial: TrialRecord, target: TargetName): Exclusion | undefined {
  if (trial.status !== "completed") return trial.status;
  const bound = trial.verdict?.bound;
  if (bound === undefined) return "no-verdict";
  if (bound !== "proxy-bound" && bound !== "memory-bound") return bound;
  const figure = TARGETS[target].read(trial);
  return figure !== undefined && figure > 0 && figure < Infinity ? undefined : "no-figure";
}

function count(reasons: readonly Exclusion[]): Partial<Record<Exclusion, number>> {
  const counts: Partial<Record<Exclusion, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
