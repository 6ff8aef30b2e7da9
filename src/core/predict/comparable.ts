import type { Scenario } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";

/** Trials of one proxy that one law can hold for, and what they have in common. */
export interface Comparable {
  readonly trials: readonly TrialRecord[];
  /** Trials of the proxy that were made under other conditions. */
  readonly others: number;
}

/**
 * Of the trials of one proxy those that were made as the newest one was: same load tool, role and scenario. How long a
 * trial took and whether its process was fresh do not matter here.
 */
export function comparableTrials(trials: readonly TrialRecord[]): Comparable {
  const newest = trials.reduce<TrialRecord | undefined>(
    (last, one) => (last && last.startedAt > one.startedAt ? last : one),
    undefined,
  );
  if (!newest) return { trials: [], others: 0 };
  const conditions = conditionsOf(newest);
  const alike = trials.filter((trial) => conditionsOf(trial) === conditions);
  return { trials: alike, others: trials.length - alike.length };
}

function conditionsOf({ point, scenario }: TrialRecord): string {
  const {
    windowSeconds: _,
    maxWindowSeconds: __,
    warmupSeconds: ___,
    fresh: ____,
    ...conditions
  } = scenario as Scenario;
  return JSON.stringify([point.proxy, point.loadTool, point.role, Object.entries(conditions).sort()]);
}
