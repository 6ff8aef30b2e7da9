import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { adaptiveQueue } from "./adaptive.ts";
import { floorQueue } from "./floor.ts";
import { mostRigs, planSweep, type Queue, rigKey } from "./plan.ts";
import { RoundsQueue } from "./rounds.ts";
import { searchQueue } from "./search.ts";

/** The queue of a spec's plan, without the trials that an earlier run of the sweep has recorded. */
export function queueOf(spec: SweepSpec, earlier: readonly TrialRecord[] = []): Queue {
  if (spec.plan === "rounds") return new RoundsQueue(spec, earlier);
  if (spec.plan === "floor") return floorQueue(spec, earlier);
  if (spec.plan === "size" || spec.plan === "capacity") return searchQueue(spec, earlier);
  if (spec.plan === "adaptive") return adaptiveQueue(spec, earlier.length);
  return gridQueue(spec, earlier);
}

/** Trials that are all known beforehand. */
function gridQueue(spec: SweepSpec, earlier: readonly TrialRecord[]): Queue {
  const done = new Set(earlier.map(({ sequence }) => sequence));
  const trials = planSweep(spec).filter(({ sequence }) => !done.has(sequence));
  const keys = trials.map(({ point, sequence }) => rigKeyOf(point, spec.scenario.fresh, sequence));
  const soon = soonFrom(keys);
  const starts = startsFrom(keys, soon);
  let index = 0;
  return {
    next: () => trials[index++],
    remaining: () => ({ trials: Math.max(0, trials.length - index), starts: starts[index] ?? 0 }),
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
