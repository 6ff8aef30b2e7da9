import { geometricMean, pooledSpread } from "../statistics/index.ts";

/** CPU levels closer than this are not worth telling apart. */
const closestRatio = 1.12;
/** A gap without any bend is still measured in the end, the widest first. */
const leastBend = 0.05;
/** How much runs usually differ (standard deviation of the logarithm), and for how many degrees of freedom that counts. */
const usualSpread = { logDeviation: 0.1, degreesOfFreedom: 4 };
/** Slopes that differ by less than so many standard errors may do so by chance. */
const certainErrors = 1;

/** Rates in requests/s by CPU limit, in cores, in any order. */
export type RatesByCpu = readonly { readonly cpu: number; readonly rate: number }[];

/** What was measured at a CPU limit. */
export interface Level {
  readonly cpu: number;
  /** Of its runs. */
  readonly rates: readonly number[];
  /** Their geometric mean. */
  readonly rate: number;
}

/** Two neighbouring levels with room between them. */
export interface Gap {
  /** The limit in its middle. */
  readonly cpu: number;
  /** Why to measure there, in one line. */
  readonly reason: string;
  /** What the straight line between the two, on log scales, may be wrong by, as a share of the rate. */
  readonly error: number;
  /** The part of it that runs which differ by chance do not explain. */
  readonly certain: number;
}

/** By CPU limit, lowest first. */
export function levelsOf(measured: RatesByCpu): Level[] {
  return [...Map.groupBy(measured, ({ cpu }) => cpu)]
    .map(([cpu, runs]) => {
      const rates = runs.map(({ rate }) => rate);
      return { cpu, rates, rate: geometricMean(rates) };
    })
    .sort((a, b) => a.cpu - b.cpu);
}

/** The gaps of a curve, from how much it bends at their edges. */
export function gapsOf(measured: RatesByCpu): Gap[] {
  const levels = levelsOf(measured);
  const spread = spreadOf(levels);
  const bends = levels.map((_, index) => bendAt(levels, index, spread));
  return levels.slice(1).flatMap((right, index) => {
    const left = levels[index]!;
    if (right.cpu / left.cpu < closestRatio ** 2) return [];
    const quarter = Math.log(right.cpu / left.cpu) / 4;
    const beside = bends.slice(index, index + 2);
    const bend = Math.max(leastBend, ...beside.map(({ seen }) => seen));
    const certain = Math.max(leastBend, ...beside.map(({ seen, chance }) => seen - chance));
    const range = `between ${left.cpu} and ${right.cpu} cpu`;
    const powers = [index - 1, index, index + 1].flatMap((at) => slope(levels, at)?.toFixed(2) ?? []).join(", ");
    const reason =
      certain > leastBend ? `the curve bends ${range} (powers of CPU: ${powers})` : `the widest gap, ${range}`;
    return [{ cpu: middleCpu(left.cpu, right.cpu), reason, error: bend * quarter, certain: certain * quarter }];
  });
}

/** On a log scale; to hundredths of a core, and finer below a tenth. */
export function middleCpu(low: number, high: number): number {
  const cpu = Math.sqrt(low * high);
  return cpu < 0.1 ? Math.round(cpu * 1000) / 1000 : Math.round(cpu * 100) / 100;
}

/** By how much the slopes on both sides of a level differ, and by how much they may by chance. */
function bendAt(levels: readonly Level[], index: number, spread: number): { seen: number; chance: number } {
  const [left, at, right] = [levels[index - 1], levels[index], levels[index + 1]];
  if (!left || !at || !right) return { seen: 0, chance: 0 };
  const [before, after] = [1 / Math.log(at.cpu / left.cpu), 1 / Math.log(right.cpu / at.cpu)];
  const variance =
    before ** 2 / left.rates.length + (before + after) ** 2 / at.rates.length + after ** 2 / right.rates.length;
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
function spreadOf(levels: readonly Level[]): number {
  const seen = pooledSpread(levels.map(({ rates }) => rates));
  const known = [usualSpread, ...(seen ? [seen] : [])];
  const degrees = known.reduce((sum, { degreesOfFreedom }) => sum + degreesOfFreedom, 0);
  const squares = known.reduce((sum, one) => sum + one.degreesOfFreedom * one.logDeviation ** 2, 0);
  return Math.sqrt(squares / degrees);
}
