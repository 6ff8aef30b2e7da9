import type { TrialRecord } from "../../src/core/domain/record.ts";
import { inTime } from "../../src/core/statistics/trials/repeated.ts";
import { secondsOf } from "./report.ts";

/**
 * Visits in the order in which they were made, from one by chance on, for so many seconds of measuring with all that belongs
 * to it, and not more; after the last comes the first again.
 */
export function drawnVisits(visits: readonly TrialRecord[], seconds: number, draw: () => number): TrialRecord[] {
  const from = Math.floor(draw() * visits.length);
  const sorted = inTime(visits);
  const order = [...sorted.slice(from), ...sorted.slice(0, from)];
  let used = 0;
  const end = order.findIndex((visit) => {
    used += secondsOf([visit]);
    return used > seconds;
  });
  return order.slice(0, end < 0 ? order.length : end);
}

/** Levels that a curve is learned from, and those between them that it is asked for. */
export interface SplitLevels {
  readonly known: ReadonlySet<number>;
  readonly between: ReadonlySet<number>;
}

/** Every other CPU limit, the lowest and the highest among the known ones. */
export function everyOther(visits: readonly TrialRecord[]): SplitLevels {
  const levels = [...new Set(visits.map(({ point }) => point.cpu))].sort((a, b) => a - b);
  const isKnown = (at: number) => at % 2 === 0 || at === levels.length - 1;
  const [known, between] = [true, false].map((wanted) => new Set(levels.filter((_, at) => isKnown(at) === wanted)));
  return { known: known!, between: between! };
}
