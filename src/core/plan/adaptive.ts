import { isDeepStrictEqual } from "node:util";
import { isVisit, type Point } from "../domain/point.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { atReferenceSpeed } from "../statistics/trials/referenceSpeed.ts";
import { type Gap, gapsOf, levelsOf, middleCpu, type RatesByCpu } from "./gaps.ts";
import { gridPoints } from "./grid.ts";
import { mostRigs, type PlannedTrial, type Queue, rigKey } from "./plan.ts";

/** Trials without a wish for a number of them, for each combination of everything but CPU; visits are short. */
const usualTrialsPerCell = { windows: 8, visits: 24 };
/** The lowest and the highest level are measured again. */
const repetitions = 2;

/** Everything but the CPU limit, and the rates measured there by CPU limit. */
interface Cell {
  readonly point: Point;
  readonly measured: RatesByCpu;
  readonly tried: ReadonlySet<number>;
}

type Ends = readonly [lowest: number, highest: number];

interface Choice {
  readonly point: Point;
  readonly reason: string;
}

/**
 * Chooses CPU levels between the lowest and the highest of the spec, one after the other: first both ends and the middle,
 * then where a straight line between neighbours on log scales errs most, as the bend of the curve there shows, as far as
 * runs that differ by chance do not bend it. That finds the knee, and leaves alone what is straight. At last both ends once
 * more: a curve turns on them, and without repetition nobody knows how much runs differ. All combinations of the other
 * factors share the trials. Ends when these are used up, or before where `until` is reached. `earlier`: number of trials
 * already recorded.
 */
export function adaptiveQueue(spec: SweepSpec, earlier = 0): Queue {
  const ends = [Math.min(...spec.cpu), Math.max(...spec.cpu)] as const;
  const cells = gridPoints({ ...spec, cpu: ends.slice(0, 1) });
  const wanted = spec.trials ?? usualTrialsPerCell[isVisit(spec.scenario) ? "visits" : "windows"] * cells.length;
  let begun = earlier;
  return {
    next(records): PlannedTrial | undefined {
      const done = records.length;
      if (done >= wanted) return undefined;
      const comparable = atReferenceSpeed(records);
      const measured = cells.map((point) => cellOf(point, comparable));
      const choice = nextChoice(measured, ends, wanted - done, spec.until);
      if (!choice) return undefined;
      begun = done + 1;
      const { point, reason } = choice;
      const replicate = records.filter((record) => isDeepStrictEqual(record.point, point)).length;
      return { sequence: done, replicate, point, reason };
    },
    remaining() {
      const trials = Math.max(0, wanted - begun);
      // A sweep that goes on starts its proxies anew.
      return { trials, starts: begun === earlier ? Math.min(cells.length, trials) : 0 };
    },
    needs: (rig) => begun < wanted && cells.length <= mostRigs && cells.some((point) => rigKey(point) === rig),
  };
}

function nextChoice(cells: readonly Cell[], ends: Ends, left: number, until = 0): Choice | undefined {
  const first = cells.flatMap((cell) => missingIn(cell, ends))[0];
  if (first) return first;
  const gaps = cells.flatMap(openGaps).sort((a, b) => b.certain - a.certain);
  const known = gaps.every(({ error }) => error < until);
  const due = known || left <= cells.length * repetitions;
  const repeated = due ? cells.flatMap(endsMeasuredOnce)[0] : undefined;
  return repeated ?? (known ? undefined : gaps[0]);
}

/** The levels that every curve needs, as far as they were not tried. */
function missingIn({ point, tried }: Cell, [lowest, highest]: Ends): Choice[] {
  const wanted = [
    { cpu: lowest, reason: "the lowest level" },
    { cpu: highest, reason: "the highest level" },
    { cpu: middleCpu(lowest, highest), reason: "the middle, to see whether the curve bends" },
  ];
  return wanted.filter(({ cpu }) => !tried.has(cpu)).map(({ cpu, reason }) => ({ point: { ...point, cpu }, reason }));
}

function endsMeasuredOnce({ point, measured }: Cell): Choice[] {
  const levels = levelsOf(measured);
  const reason = "an end once more: the curve turns on it, and it shows how much runs differ";
  return [...levels.slice(0, 1), ...levels.slice(-1)]
    .filter(({ rates }) => rates.length === 1)
    .map(({ cpu }) => ({ point: { ...point, cpu }, reason }));
}

/** Gaps in whose middle nothing was tried. */
function openGaps({ point, measured, tried }: Cell): (Choice & Gap)[] {
  return gapsOf(measured)
    .filter(({ cpu }) => !tried.has(cpu))
    .map((gap) => ({ ...gap, point: { ...point, cpu: gap.cpu } }));
}

function cellOf(point: Point, records: readonly TrialRecord[]): Cell {
  const own = records.filter((record) => isDeepStrictEqual({ ...record.point, cpu: point.cpu }, point));
  return {
    point,
    tried: new Set(own.map((record) => record.point.cpu)),
    measured: own.flatMap(({ point: { cpu }, result }) =>
      result && result.requestsPerSecond > 0 ? [{ cpu, rate: result.requestsPerSecond }] : [],
    ),
  };
}
