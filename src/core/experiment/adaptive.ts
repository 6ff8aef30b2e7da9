import type { Point } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";
import type { SweepSpec } from "../records/spec.ts";
import { gridPoints } from "./grid.ts";
import { mostRigs, type PlannedTrial, rigKey } from "./plan.ts";
import type { Queue } from "./queue.ts";

/** Trials without a wish for a number of them, for each combination of everything but CPU. */
const usualTrialsPerCell = 8;
/** CPU levels closer than this are not worth telling apart. */
const closestRatio = 1.12;
/** A gap without any bend is still measured in the end, the widest first. */
const leastBend = 0.05;
/** Replicates of the middle level, for the spread between runs. */
const repetitions = 2;

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
}

/**
 * Chooses CPU levels between the lowest and the highest of the spec, one after the other: first both ends and the middle,
 * then where a straight line between neighbours on log scales errs most, as the bend of the curve there shows. That finds
 * the knee, and leaves alone what is straight. All combinations of the other factors share the trials. Ends when these
 * are used up, or before where `until` is reached. `earlier`: number of trials already recorded.
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
  const gaps = cells.flatMap(gapsOf).sort((a, b) => b.error - a.error);
  const known = gaps.every(({ error }) => error < until);
  const repeated = cells.flatMap((cell) => repetitionOf(cell, known || left <= cells.length * repetitions))[0];
  return repeated ?? (known ? undefined : gaps[0]);
}

/** The levels that every curve needs. */
function ends({ point, tried }: Cell, lowest: number, highest: number): Choice[] {
  const middle = rounded(Math.sqrt(lowest * highest));
  const wanted = [
    { cpu: lowest, reason: "the lowest level" },
    { cpu: highest, reason: "the highest level" },
    { cpu: middle, reason: "the middle, to see whether the curve bends" },
  ];
  const missing = wanted.find(({ cpu }) => !tried.has(cpu));
  return missing
    ? [{ point: { ...point, cpu: missing.cpu }, reason: missing.reason, error: Number.POSITIVE_INFINITY }]
    : [];
}

/** Near the end of the plan a level in the middle is measured again, to know how much runs differ. */
function repetitionOf({ point, measured }: Cell, due: boolean): Choice[] {
  const sorted = measured.toSorted((a, b) => a.cpu - b.cpu);
  const middle = sorted[sorted.length >> 1];
  if (!due || !middle) return [];
  const times = measured.filter(({ cpu }) => cpu === middle.cpu).length;
  const reason = "a level once more, to see how much runs differ";
  return times <= repetitions ? [{ point: { ...point, cpu: middle.cpu }, reason, error: 0 }] : [];
}

/** What could be measured between neighbours, each with what the line between them may be wrong by. */
function gapsOf({ point, measured, tried }: Cell): Choice[] {
  const levels = averaged(measured);
  return levels.slice(1).flatMap((right, index) => {
    const left = levels[index]!;
    const width = Math.log(right.cpu / left.cpu);
    const cpu = rounded(Math.sqrt(left.cpu * right.cpu));
    if (right.cpu / left.cpu < closestRatio ** 2 || tried.has(cpu)) return [];
    const slopes = [index - 1, index, index + 1].flatMap((at) => slope(levels, at) ?? []);
    const bend = Math.max(leastBend, Math.max(...slopes) - Math.min(...slopes));
    const range = `between ${left.cpu} and ${right.cpu} cpu`;
    const powers = slopes.map((power) => power.toFixed(2)).join(", ");
    const reason =
      bend > leastBend ? `the curve bends ${range} (powers of CPU: ${powers})` : `the widest gap, ${range}`;
    return [{ point: { ...point, cpu }, reason, error: (bend * width) / 4 }];
  });
}

/** d log rate / d log cpu between level `index` and the next. */
function slope(levels: readonly { cpu: number; rate: number }[], index: number): number | undefined {
  const [left, right] = [levels[index], levels[index + 1]];
  if (!left || !right) return undefined;
  return Math.log(right.rate / left.rate) / Math.log(right.cpu / left.cpu);
}

function averaged(measured: Cell["measured"]): { cpu: number; rate: number }[] {
  return [...Map.groupBy(measured, ({ cpu }) => cpu)]
    .map(([cpu, runs]) => ({
      cpu,
      rate: Math.exp(runs.reduce((sum, { rate }) => sum + Math.log(rate), 0) / runs.length),
    }))
    .sort((a, b) => a.cpu - b.cpu);
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
