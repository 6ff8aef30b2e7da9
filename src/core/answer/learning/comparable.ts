import { isOpenLoop, isVisit } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { runsKey } from "../../statistics/trials/achieved.ts";
import { machineOf } from "../../statistics/trials/speeds.ts";

/** Trials of one proxy that one law can hold for, and what they have in common. */
export interface Comparable {
  readonly trials: readonly TrialRecord[];
  /** Trials of the proxy that were made under other conditions, and what these differ in. */
  readonly others: number;
  readonly differ: readonly string[];
}

/**
 * Of the trials of one proxy those that were made under the conditions of the newest one that questions are about: of a
 * closed loop, where there is one.
 */
export function comparableTrials(trials: readonly TrialRecord[]): Comparable {
  const closed = trials.filter((trial) => !isOpenLoop(trial));
  return alikeTo(newestOf(closed.length > 0 ? closed : trials), trials);
}

/**
 * Of the trials of one proxy those that can be looked at together: made under the conditions of the newest one, in an open
 * loop at whatever rate.
 */
export function correlatableTrials(trials: readonly TrialRecord[]): Comparable {
  return alikeTo(newestOf(trials), trials, ["rate"]);
}

function newestOf(trials: readonly TrialRecord[]): TrialRecord | undefined {
  return trials.reduce<TrialRecord | undefined>(
    (last, one) => (last && last.startedAt > one.startedAt ? last : one),
    undefined,
  );
}

/** `free`: names of conditions that they may differ in. */
function alikeTo(
  example: TrialRecord | undefined,
  trials: readonly TrialRecord[],
  free: readonly string[] = [],
): Comparable {
  if (!example) return { trials: [], others: 0, differ: [] };
  const found = trials.map((trial) => {
    return { trial, differ: differences(example, trial).filter((name) => !free.includes(name)) };
  });
  const alike = found.filter(({ differ }) => differ.length === 0).map(({ trial }) => trial);
  const differ = [...new Set(found.flatMap((one) => one.differ))];
  return { trials: alike, others: trials.length - alike.length, differ };
}

/**
 * What must be the same for trials that one law can hold for, by name: the proxy and its version, load tool, role, loop and
 * its rate, machine, and scenario. How long a trial took, whether it was one of many visits and whether its process was
 * fresh do not matter.
 */
export function trialConditions(trial: TrialRecord): Readonly<Record<string, unknown>> {
  const { point, scenario, environment } = trial;
  const {
    windowSeconds: _,
    maxWindowSeconds: __,
    warmupSeconds: ___,
    fresh: ____,
    method: _____,
    rate,
    ...fixed
  } = scenario;
  return {
    proxy: point.proxy,
    loadTool: point.loadTool,
    role: point.role,
    ...fixed,
    loop: isOpenLoop(trial) ? "open" : "closed",
    rate: point.requestsPerSecond ?? (rate && JSON.stringify(rate)),
    proxyVersion: environment.versions[point.proxy],
    machine: machineOf(trial),
  };
}

/** Names of the conditions that two trials differ in. */
export function differences(one: TrialRecord, other: TrialRecord): string[] {
  const [a, b] = [trialConditions(one), trialConditions(other)];
  return Object.keys({ ...a, ...b }).filter((name) => a[name] !== b[name]);
}

/** Trials with the same become one row. */
export function rowOf(trial: TrialRecord): string {
  return isVisit(trial.scenario) ? runsKey(trial) : trial.id;
}
