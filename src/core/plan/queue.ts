import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import type { Outlook } from "./eta.ts";
import { mostRigs, type PlannedTrial, planSweep, rigKey } from "./plan.ts";

/** Hands out the trials of a sweep one by one. */
export interface Queue {
  /** The next trial, with the records of those before it at hand; `undefined` when the sweep is done. */
  next(records: readonly TrialRecord[]): PlannedTrial | undefined;
  /** What is left, as far as it is known. */
  outlook(): Outlook;
  /** Will a running proxy be needed again soon? */
  needs(rig: string): boolean;
}

/** Trials that are all known beforehand, but for those that an earlier run of the sweep has recorded. */
export function gridQueue(spec: SweepSpec, done: ReadonlySet<number>): Queue {
  const trials = planSweep(spec).filter(({ sequence }) => !done.has(sequence));
  const keys = trials.map(({ point, sequence }) => rigKeyOf(point, spec.scenario.fresh, sequence));
  const soon = soonFrom(keys);
  const starts = startsFrom(keys, soon);
  let index = 0;
  return {
    next: () => trials[index++],
    outlook: () => ({ trials: Math.max(0, trials.length - index), starts: starts[index] ?? 0 }),
    needs: (rig) => soon[index]?.includes(rig) ?? false,
  };
}

/** The running proxy that a trial wants: shared with others, or its own. */
export function rigKeyOf(point: TrialRecord["point"], fresh: boolean, sequence: number): string {
  return fresh ? `${rigKey(point)}#${sequence}` : rigKey(point);
}

/** For each place the next few different proxies in the order in which they are wanted. */
function soonFrom(keys: readonly string[]): string[][] {
  const soon: string[][] = [];
  let wanted: string[] = [];
  for (const key of keys.toReversed()) {
    wanted = [key, ...wanted.filter((one) => one !== key)].slice(0, mostRigs);
    soon.push(wanted);
  }
  return soon.reverse();
}

/** For each place how many proxies have to be started from there on, when only those wanted soon are kept. */
function startsFrom(keys: readonly string[], soon: readonly string[][]): number[] {
  let running: string[] = [];
  const starting = keys.map((key, index) => {
    const starts = !running.includes(key);
    running = [...new Set([...running, key])].filter((one) => soon[index + 1]?.includes(one));
    return starts;
  });
  let left = 0;
  return starting.map((_, index) => (starting.at(-1 - index) ? ++left : left)).reverse();
}
