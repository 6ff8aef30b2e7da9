import type { Training } from "../contract/index.ts";
import {
  distinct,
  FACTORS,
  factorOf,
  type LevelKey,
  type Levels,
  type QuantityFactor,
  quantities,
} from "../domain/factors.ts";
import { highest } from "./learning/comparable.ts";
import type { TakenLevel } from "./learning/conditions.ts";
import type { Model } from "./learning/crossValidation.ts";
import { type Refused, refuse } from "./learning/refusal.ts";
import { type Rows, runsBehind } from "./learning/rows.ts";

/** How far beyond the measured range of a factor a prediction may go, as a ratio. */
const REACH = 1.25;

/**
 * Turns levels into a row for the models, `x`, in the order of the training's factors. A factor that was measured at one level need not be named. Refuses levels
 * that are not numbers above 0, factors that are missing or were not set in all trials, a number of servers that was
 * not measured, and levels beyond the measured range by more than a quarter, unless the model knows of these.
 */
export function rowFor(
  rows: Rows,
  levels: Levels,
  { extrapolates = [] }: Pick<Model, "extrapolates"> = {},
  factors = FACTORS,
): { ok: true; x: readonly number[] } | Refused {
  const { training } = rows;
  const x: number[] = [];
  for (const factor of quantities(factors)) {
    const column = training.factors.indexOf(factor.key);
    const measured = measuredLevels(training, factor.key);
    const level = levels[factor.key] ?? (measured.length === 1 ? measured[0] : undefined);
    const range = extrapolates.includes(factor.key) && level !== undefined ? [...measured, level] : measured;
    const refused =
      (factor.key === "memoryBytes" && starved(rows, level, measured)) || judge(factor, level, distinct(range));
    if (refused) return refused;
    if (column >= 0) x[column] = level!;
  }
  return { ok: true, x };
}

/** A memory limit no higher than one that the proxy did not live with. */
function starved(
  { deadlyMemoryBytes }: Rows,
  level: number | undefined,
  measured: readonly number[],
): Refused | undefined {
  if (level === undefined || deadlyMemoryBytes === undefined || !(level <= deadlyMemoryBytes)) return undefined;
  const least = measured[0];
  const { write } = factorOf("memoryBytes").quantity;
  const enough = least === undefined ? "" : `; the least that it lived with is ${write(least)}`;
  const message = `${write(level)} of memory is too small: the proxy did not live with ${write(deadlyMemoryBytes)}${enough}.`;
  return refuse({ code: "memory-too-small", memoryBytes: level, ...(least !== undefined && { least }), message });
}

/**
 * Fixes what a question leaves open, of some factors: of the combinations that were measured at the levels asked for, the
 * one that most sets of points have, then the one measured most, of equals the last. `sets`: the points of the trials that
 * teach about each of the proxies asked about together, in order of time.
 */
export function usualLevels(
  sets: readonly (readonly Levels[])[],
  asked: Levels,
  open: readonly LevelKey[],
): { readonly levels: Levels; readonly taken: readonly TakenLevel[] } {
  const keys = open.filter((key) => asked[key] === undefined);
  const points = sets.flatMap((set, proxy) => madeAt(set, asked).map((point) => ({ proxy, at: only(point, keys) })));
  const combinations = Map.groupBy(points, ({ at }) => JSON.stringify(at)).values();
  const most = highest(combinations, (alike) => [
    new Set(alike.map(({ proxy }) => proxy)).size,
    alike.length,
    points.lastIndexOf(alike.at(-1)!),
  ]);
  const levels = most?.[0]?.at ?? {};
  const taken = keys.flatMap((factor): TakenLevel[] => {
    const [level, measured] = [levels[factor], distinct(sets.flat().flatMap((point) => point[factor] ?? []))];
    return level === undefined || measured.length < 2 ? [] : [{ factor, level, measured }];
  });
  return { levels: { ...levels, ...asked }, taken };
}

/** Limits that are said in an answer. */
export type SaidLimit = "cpu" | "memory";

/**
 * Those of the limits of an answer that no trial ran under: a CPU limit outside those measured at the other levels, and a
 * memory limit that was not measured. `levels`: with the CPU limit.
 */
export function untestedLimits(rows: Rows, levels: Levels, memoryBytes: number | undefined): readonly SaidLimit[] {
  const cpus = madeAt(rowPoints(rows), levels).flatMap(({ cpu }) => cpu ?? []);
  const { cpu } = levels;
  const outside = cpu !== undefined && (cpu > Math.max(...cpus) || cpu < Math.min(...cpus));
  const unknown = memoryBytes !== undefined && !measuredLevels(rows.training, "memoryBytes").includes(memoryBytes);
  return [...(outside ? (["cpu"] as const) : []), ...(unknown ? (["memory"] as const) : [])];
}

/** The point of each trial behind some rows. */
export function rowPoints(rows: Rows): Levels[] {
  const { factors, x } = rows.training;
  return runsBehind(rows).flatMap((runs, row) => {
    const point = Object.fromEntries(factors.map((factor, column) => [factor, x[row]![column]!]));
    return runs.map(() => point);
  });
}

/** Those of some points that are at the levels asked for, as far as any are; CPU limits are no matter. */
function madeAt(points: readonly Levels[], { cpu: _, ...asked }: Levels): readonly Levels[] {
  return (Object.entries(asked) as [LevelKey, number][]).reduce((left, [key, level]) => {
    const there = left.filter((point) => point[key] === level);
    return there.length > 0 ? there : left;
  }, points);
}

function only(point: Levels, keys: readonly LevelKey[]): Levels {
  return Object.fromEntries(keys.flatMap((key) => (point[key] === undefined ? [] : [[key, point[key]]])));
}

/** The different levels of a factor, in rising order; none where it was not set in all trials. */
export function measuredLevels({ factors, x }: Training, factor: LevelKey): number[] {
  const column = factors.indexOf(factor);
  return column < 0 ? [] : distinct(x.map((row) => row[column]!));
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** No goal that is worth having is kept under such a part of a limit that was tried. */
const smallPart = 0.02;

/**
 * The least and the most CPU worth asking about where a row, `x`, stands, in cores: that was measured, and of a model that knows
 * what lies beyond it far less.
 */
export function cpuRange(
  training: Training,
  x: readonly number[],
  { extrapolates = [] }: Pick<Model, "extrapolates"> = {},
): Range {
  const { least, most } = measuredCpuRange(training, x);
  return { least: extrapolates.includes("cpu") ? smallPart * least : least, most };
}

/**
 * The limits that matter to an open loop depend on its rate: between two rates that were measured they lie between theirs, in
 * equal ratios.
 */
function measuredCpuRange({ factors, x: rows }: Training, x: readonly number[]): Range {
  const [cpu, rate] = [factors.indexOf("cpu"), factors.indexOf("requestsPerSecond")];
  const rangeOf = (some: Training["x"]) => {
    const cpus = some.map((row) => row[cpu]!);
    return { least: Math.min(...cpus), most: Math.max(...cpus) };
  };
  if (rate < 0) return rangeOf(rows);
  const rates = distinct(rows.map((row) => row[rate]!));
  const asked = Math.min(rates.at(-1)!, Math.max(rates[0]!, x[rate]!));
  const [below, above] = [rates.findLast((one) => one <= asked)!, rates.find((one) => one >= asked)!];
  const [from, to] = [below, above].map((one) => rangeOf(rows.filter((row) => row[rate] === one))) as [Range, Range];
  const way = above > below ? Math.log(asked / below) / Math.log(above / below) : 0;
  const between = (end: keyof Range) => from[end] * (to[end] / from[end]) ** way;
  return { least: between("least"), most: between("most") };
}

function judge(factor: QuantityFactor, level: number | undefined, measured: readonly number[]): Refused | undefined {
  if (level === undefined) {
    if (measured.length === 0) return undefined;
    const levels = measured.map(factor.quantity.write).join(", ");
    return refuse({ code: "invalid-question", message: `Say which ${factor.id}: ${levels} were measured.` });
  }
  if (!(level > 0 && level < Infinity)) {
    return refuse({ code: "invalid-question", message: `${factor.id} must be a number above 0, not ${level}.` });
  }
  const reason = strangeness(factor, level, measured);
  if (!reason) return undefined;
  return refuse({ code: "not-measured", factor: factor.key, level, measured, message: reason });
}

function strangeness(
  { id: name, quantity }: QuantityFactor,
  level: number,
  measured: readonly number[],
): string | undefined {
  const [least, most] = [measured[0], measured.at(-1)];
  if (least === undefined || most === undefined) return `${name} was not set in all trials.`;
  const text = quantity.write;
  if (quantity.discrete) {
    return measured.includes(level) ? undefined : `${name} ${level} was not measured, only ${measured.join(", ")}.`;
  }
  const far = level > most * REACH * (1 + 1e-9) || level < least / REACH / (1 + 1e-9);
  const range = least === most ? text(least) : `${text(least)} to ${text(most)}`;
  return far ? `${name} ${text(level)} is too far outside what was measured, ${range}.` : undefined;
}
