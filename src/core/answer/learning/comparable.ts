import type { LearnedFigure } from "../../domain/figures.ts";
import { arrivalsText } from "../../domain/levels.ts";
import { optionsText } from "../../domain/pluginOptions.ts";
import { isOpenLoop, isVisit } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { runsKey } from "../../statistics/trials/achieved.ts";
import { machineOf } from "../../statistics/trials/speeds.ts";
import { teaches } from "./teaching.ts";

/** Trials of one proxy that one law can hold for, and what they have in common. */
export interface Comparable {
  readonly trials: readonly TrialRecord[];
  /** Trials of the proxy that were made under other conditions, and what these differ in. */
  readonly others: number;
  readonly differ: readonly string[];
}

/**
 * Of the trials of one proxy those that were made under the conditions under which most trials teach about some figures,
 * of a closed loop, where there is one; of conditions under which as many do those with the most trials, then the newest.
 */
export function comparableTrials(
  trials: readonly TrialRecord[],
  targets: readonly LearnedFigure[] = ["requestsPerSecond"],
): Comparable {
  return mostOf(groupsOf(trials), trials, (group) => [
    isOpenLoop(group[0]!) ? 0 : 1,
    group.filter((trial) => teaches(trial, targets)).length,
  ]);
}

/** Of the trials of one proxy those that can be looked at together: most of one loop. */
export function correlatableTrials(trials: readonly TrialRecord[]): Comparable {
  return mostOf(groupsOf(trials), trials, () => []);
}

/** The group that ranks highest, and of equals the one with the most trials, then the newest. */
function mostOf(
  groups: readonly (readonly TrialRecord[])[],
  trials: readonly TrialRecord[],
  rankOf: (group: readonly TrialRecord[]) => readonly number[],
): Comparable {
  const alike = highest(groups, (group) => [...rankOf(group), group.length, newest(group)]);
  const [one] = alike ?? [];
  if (!alike || !one) return { trials: [], others: 0, differ: [] };
  const differ = [...new Set(trials.flatMap((trial) => differences(one, trial)))];
  return { trials: alike, others: trials.length - alike.length, differ };
}

/** Trials of one proxy, apart by their conditions. */
function groupsOf(trials: readonly TrialRecord[]): TrialRecord[][] {
  return [...Map.groupBy(trials, (trial) => conditionsKey(trialConditions(trial))).values()];
}

/** The same for the same conditions. */
export function conditionsKey(conditions: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(conditions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** When the newest of some trials was begun. */
export function newest(trials: readonly TrialRecord[]): string {
  return trials.reduce((last, { startedAt }) => (startedAt > last ? startedAt : last), "");
}

/** What ranks highest: by the first number or text in which ranks differ; the last of equals. */
export function highest<T>(all: Iterable<T>, rankOf: (one: T) => readonly (number | string)[]): T | undefined {
  let best: { readonly one: T; readonly rank: readonly (number | string)[] } | undefined;
  for (const one of all) {
    const rank = rankOf(one);
    if (!best || !isBelow(rank, best.rank)) best = { one, rank };
  }
  return best?.one;
}

function isBelow(rank: readonly (number | string)[], other: readonly (number | string)[]): boolean {
  const place = rank.findIndex((value, at) => value !== other[at]);
  return place >= 0 && rank[place]! < other[place]!;
}

/**
 * What must be the same for trials that one law can hold for, by name: the proxy, its version and its options, load tool
 * and its options, role, loop, machine, and scenario. The rate of an open loop is a level. How long a trial took, whether it was one of many visits and
 * whether its process was fresh do not matter.
 */
export function trialConditions(trial: TrialRecord): Readonly<Record<string, unknown>> {
  const { point, scenario, options, environment } = trial;
  const {
    windowSeconds: _,
    maxWindowSeconds: __,
    warmupSeconds: ___,
    fresh: ____,
    method: _____,
    rate: ______,
    configuration: _______,
    originAt: ________,
    pin,
    arrivals,
    ...fixed
  } = scenario;
  return {
    proxy: point.proxy,
    loadTool: point.loadTool,
    role: point.role,
    ...fixed,
    pin: pin === "none" ? pin : undefined,
    loop: loopOf(trial),
    arrivals: arrivals && arrivals.kind !== "constant" ? arrivalsText(arrivals) : undefined,
    loadToolOptions: optionsText(options?.loadTool),
    proxyVersion: environment.versions[point.proxy],
    proxyOptions: optionsText(options?.proxy),
    machine: machineOf(trial),
  };
}

/** The loop that a trial was made in: `closed`, `open`, or at a share of the capacity, whose rates no point tells, `open at 70%`. */
export function loopOf(trial: Pick<TrialRecord, "point" | "scenario">): string {
  if (!isOpenLoop(trial)) return "closed";
  const { rate } = trial.scenario;
  return rate ? openAt(rate.shareOfCapacity) : "open";
}

/** An open loop at a share of the capacity: `open at 70%`. */
export function openAt(shareOfCapacity: number): string {
  return `open at ${Number((100 * shareOfCapacity).toPrecision(12))}%`;
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
