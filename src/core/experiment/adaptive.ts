import type { Point } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";
import type { SweepSpec } from "../records/spec.ts";
import { geometricMean, pooledSpread } from "../statistics/index.ts";
import { gridPoints } from "./grid.ts";
import { mostRigs, type PlannedTrial, rigKey } from "./plan.ts";
import type { Queue } from "./queue.ts";

/** Trials without a wish for a number of them, for each combination of everything but CPU. */
const usualTrialsPerCell = 8;
/** CPU levels closer than this are not worth telling apart. */
const closestRatio = 1.12;
/** A gap without any bend is still measured in the end, the widest first. */
const leastBend = 0.05;
/** The lowest and the highest level are measured again. */
const repetitions = 2;
/** How much runs usually differ (standard deviation of the logarithm), and for how many degrees of freedom that counts. */
const usualSpread = { logDeviation: 0.1, degreesOfFreedom: 4 };
/** Slopes that differ by less than so many standard errors may do so by chance. */
const certainErrors = 1;

/** Everything but the CPU limit, and the rates measured there by CPU limit. */
interface Cell {
  readonly point: Point;
  readonly measured: readonly { readonly cpu: number; readonly rate: number }[];
  readonly tried: ReadonlySet<number>;
}

interface Choice {
  readonly point: Point;
  readonly reason: string;
  /** What the line between neighbours may be wrong by, as a share of the rate. */
  readonly error: number;
  /** The part of it that the spread between runs does not explain. */
  readonly certain: number;
}

/** What was measured at a CPU limit. */
interface Level {
  readonly cpu: number;
  /** Geometric mean of the runs. */
  readonly rate: number;
  readonly runs: number;
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
  const [lowest, highest] = [Math.min(...spec.cpu), Math.max(...spec.cpu)];
  const cells = gridPoints({ ...spec, cpu: [lowest] });
  const wanted = spec.trials ?? usualTrialsPerCell * cells.length;
  let begun = earlier;
  return {
    next(records): PlannedTrial | undefined {
      const done = records.length;
      if (done >= wanted) return undefined;
      const choice = nextChoice(
        cells.map((point) => cellOf(point, records)),
        lowest,
        highest,
        wanted - done,
        spec.until,
      );
      if (!choice) return undefined;
      begun = done + 1;
      const { point, reason } = choice;
      const replicate = records.filter((record) => samePoint(record.point, point)).length;
      return { sequence: done, replicate, point, reason };
    },
    outlook() {
      const trials = Math.max(0, wanted - begun);
      // A sweep that goes on starts its proxies anew.
      return { trials, starts: begun === earlier ? Math.min(cells.length, trials) : 0 };
    },
    needs: (rig) => begun < wanted && cells.length <= mostRigs && cells.some((point) => rigKey(point) === rig),
  };
}

function nextChoice(
  cells: readonly Cell[],
  lowest: number,
  highest: number,
  left: number,
  until = 0,
): Choice | undefined {
  const first = cells.flatMap((cell) => ends(cell, lowest, highest))[0];
  if (first) return first;
  const gaps = cells.flatMap(gapsOf).sort((a, b) => b.certain - a.certain);
  const known = gaps.every(({ error }) => error < until);
  const repeated = cells.flatMap((cell) => repetitionOf(cell, known || left <= cells.length * repetitions))[0];
  return repeated ?? (known ? undefined : gaps[0]);
}

/** Measured before all others. */
const urgent = { error: Number.POSITIVE_INFINITY, certain: Number.POSITIVE_INFINITY };

/** The levels that every curve needs. */
function ends({ point, tried }: Cell, lowest: number, highest: number): Choice[] {
  const middle = rounded(Math.sqrt(lowest * highest));
  const wanted = [
    { cpu: lowest, reason: "the lowest level" },
    { cpu: highest, reason: "the highest level" },
    { cpu: middle, reason: "the middle, to see whether the curve bends" },
  ];
  const missing = wanted.find(({ cpu }) => !tried.has(cpu));
  return missing ? [{ point: { ...point, cpu: missing.cpu }, reason: missing.reason, ...urgent }] : [];
}

/** Near the end of the plan the outermost levels are measured again. */
function repetitionOf({ point, measured }: Cell, due: boolean): Choice[] {
  const levels = levelsOf(measured);
  const once = due ? [levels[0], levels.at(-1)].find((level) => level?.runs === 1) : undefined;
  const reason = "an end once more: the curve turns on it, and it shows how much runs differ";
  return once ? [{ point: { ...point, cpu: once.cpu }, reason, ...urgent }] : [];
}

/** What could be measured between neighbours, each with what the line between them may be wrong by. */
function gapsOf({ point, measured, tried }: Cell): Choice[] {
  const levels = levelsOf(measured);
  const spread = spreadOf(measured);
  const bends = levels.map((_, index) => bendAt(levels, index, spread));
  return levels.slice(1).flatMap((right, index) => {
    const left = levels[index]!;
    const width = Math.log(right.cpu / left.cpu);
    const cpu = rounded(Math.sqrt(left.cpu * right.cpu));
    if (right.cpu / left.cpu < closestRatio ** 2 || tried.has(cpu)) return [];
    const beside = bends.slice(index, index + 2);
    const bend = Math.max(leastBend, ...beside.map(({ seen }) => seen));
    const certain = Math.max(leastBend, ...beside.map(({ seen, chance }) => seen - chance));
    const range = `between ${left.cpu} and ${right.cpu} cpu`;
    const powers = [index - 1, index, index + 1].flatMap((at) => slope(levels, at)?.toFixed(2) ?? []).join(", ");
    const reason =
      certain > leastBend ? `the curve bends ${range} (powers of CPU: ${powers})` : `the widest gap, ${range}`;
    return [{ point: { ...point, cpu }, reason, error: (bend * width) / 4, certain: (certain * width) / 4 }];
  });
}

/** By how much the slopes on both sides of a level differ, and by how much they may by chance. */
function bendAt(levels: readonly Level[], index: number, spread: number): { seen: number; chance: number } {
  const [left, at, right] = [levels[index - 1], levels[index], levels[index + 1]];
  if (!left || !at || !right) return { seen: 0, chance: 0 };
  const [before, after] = [1 / Math.log(at.cpu / left.cpu), 1 / Math.log(right.cpu / at.cpu)];
  const variance = before ** 2 / left.runs + (before + after) ** 2 / at.runs + after ** 2 / right.runs;
  const seen = Math.abs(slope(levels, index)! - slope(levels, index - 1)!);
  return { seen, chance: certainErrors * spread * Math.sqrt(variance) };
}

/** d log rate / d log cpu between level `index` and the next. */
function slope(levels: readonly Level[], index: number): number | undefined {
  const [left, right] = [levels[index], levels[index + 1]];
  if (!left || !right) return undefined;
  return Math.log(right.rate / left.rate) / Math.log(right.cpu / left.cpu);
}

/** How much runs differ: the usual, corrected by what was repeated. */
function spreadOf(measured: Cell["measured"]): number {
  const seen = pooledSpread([...byLevel(measured).values()]);
  const known = [usualSpread, ...(seen ? [seen] : [])];
  const degrees = known.reduce((sum, { degreesOfFreedom }) => sum + degreesOfFreedom, 0);
  const squares = known.reduce((sum, one) => sum + one.degreesOfFreedom * one.logDeviation ** 2, 0);
  return Math.sqrt(squares / degrees);
}

/** Lowest first. */
function levelsOf(measured: Cell["measured"]): Level[] {
  return [...byLevel(measured)]
    .map(([cpu, rates]) => ({ cpu, rate: geometricMean(rates), runs: rates.length }))
    .sort((a, b) => a.cpu - b.cpu);
}

function byLevel(measured: Cell["measured"]): Map<number, number[]> {
  const groups = Map.groupBy(measured, ({ cpu }) => cpu);
  return new Map([...groups].map(([cpu, runs]) => [cpu, runs.map(({ rate }) => rate)]));
}

function cellOf(point: Point, records: readonly TrialRecord[]): Cell {
  const own = records.filter((record) => samePoint({ ...record.point, cpu: point.cpu }, point));
  return {
    point,
    tried: new Set(own.map((record) => record.point.cpu)),
    measured: own.flatMap(({ point: { cpu }, result }) =>
      result && result.requestsPerSecond > 0 ? [{ cpu, rate: result.requestsPerSecond }] : [],
    ),
  };
}

function samePoint(a: Point, b: Point): boolean {
  const [left, right] = [Object.entries(a), b as unknown as Record<string, unknown>];
  return left.length === Object.keys(b).length && left.every(([key, value]) => right[key] === value);
}

/** To hundredths of a core, and finer below a tenth. */
function rounded(cpu: number): number {
  return cpu < 0.1 ? Math.round(cpu * 1000) / 1000 : Math.round(cpu * 100) / 100;
}
