import { formatBytes, formatCpuLevel, plural } from "./format.ts";
import { parseCount, parsePositive, parseSize } from "./levels.ts";
import { optionsKey } from "./pluginOptions.ts";
import { fixedKey, type Point, unspokenKey } from "./point.ts";
import type { TrialRecord } from "./record.ts";
import type { SweepSpec } from "./spec.ts";

/** An input that trials differ in. */
export interface Factor {
  /** Its name on the command line. */
  readonly id: FactorName;
  /** Its key in a point, and its column in exported data unless that has another one. */
  readonly key: string;
  /** Its column in exported data, where a figure has the name of its key. */
  readonly column?: FactorColumn;
  /** For titles: `CPU bandwidth`. */
  readonly label: string;
  /** What exported data says of its levels. */
  readonly meaning: string;
  /** Unit of its levels; empty for names. */
  readonly unit: string;
  /** A proxy has to be started for each of its levels. */
  readonly restarts?: true;
  /** Most points are without it, and then nothing is said of it. */
  readonly optional?: true;
  /** Present if its levels are quantities: then it can be the x axis of a chart, and models learn from it. */
  readonly quantity?: LevelQuantity;
  /** Level of a point; `undefined` if there is none, such as no memory limit. */
  read(point: Point): string | number | undefined;
  /** The level in words that can stand alone: `3 servers`, `0.30 cpu`. */
  describe(point: Point): string;
  /** The levels that a sweep varies it over; `undefined` among them: it is left open. */
  levels(spec: SweepSpec): readonly (string | number | undefined)[];
}

/** A column of exported data that is not named after the key of its factor. */
interface FactorColumn {
  readonly name: string;
  of(record: TrialRecord): number | undefined;
}

/** What is to know of levels that are quantities. */
interface LevelQuantity {
  /** In front of a slider: `cpu`. */
  readonly short: string;
  /** Only whole numbers are levels. */
  readonly whole?: true;
  /** Nothing lies between two levels that were measured. */
  readonly discrete?: true;
  /** The nearest level worth asking for. */
  round(level: number): number;
  /** A level in words that can stand alone. */
  describe(level: number): string;
  /** A level as questions and their answers write it: `0.3`, `64 MiB`. */
  write(level: number): string;
  /** How questions fix its level on the command line, by an option of its name; absent for CPU, which they are about. */
  readonly option?: {
    readonly value: string;
    readonly help: string;
    /** Throws LAB_USAGE. `name`: of the option. */
    parse(text: string, name: string): number;
  };
}

const MiB = 2 ** 20;

/** In the order in which people read them. */
const TABLE = [
  named("proxy", { label: "proxy", meaning: "proxy", restarts: true, levels: ({ proxies }) => proxies }),
  named("loadTool", { label: "load tool", meaning: "load tool", levels: ({ loadTools }) => loadTools }),
  named("limiter", { label: "limiter", meaning: "limiter", restarts: true, levels: ({ limiters }) => limiters }),
  named("role", { label: "role", meaning: "reverse or forward", restarts: true, levels: ({ role }) => [role] }),
  measured("cpu", "cpu", "CPU bandwidth", "cores", "CPU limit", {
    short: "cpu",
    round: (cores) => Number(cores.toPrecision(3)),
    describe: (cores) => `${formatCpuLevel(cores)} cpu`,
    write: String,
  }),
  measured("memory", "memoryBytes", "memory limit", "bytes", "memory limit; empty: none", {
    short: "memory",
    restarts: true,
    round: (bytes) => MiB * Math.round(bytes / MiB),
    describe: formatBytes,
    write: (bytes) => `${Number((bytes / MiB).toPrecision(4))} MiB`,
    option: { value: "size", help: "memory limit: 256M", parse: parseSize },
  }),
  measured("servers", "servers", "servers", "servers", "origin servers", {
    short: "servers",
    restarts: true,
    whole: true,
    discrete: true,
    round: Math.round,
    describe: (count) => plural(count, "server"),
    write: String,
    option: { value: "number", help: "number of origin servers", parse: parseCount },
  }),
  measured("concurrency", "concurrency", "connections", "connections", "connections of the load tool", {
    short: "connections",
    whole: true,
    round: Math.round,
    describe: (count) => plural(count, "connection"),
    write: String,
    option: { value: "number", help: "connections of the load tool", parse: parseCount },
  }),
  measured("rate", "requestsPerSecond", "offered rate", "requests/s", "asked of an open loop; empty: closed loop", {
    short: "offered",
    without: "closed loop",
    optional: true,
    // Of a share of the capacity the rate is known once the capacity is.
    column: {
      name: "offeredRequestsPerSecond",
      of: ({ point, result }: TrialRecord) => point.requestsPerSecond ?? result?.offeredRequestsPerSecond,
    },
    round: (rate) => Number(rate.toPrecision(3)),
    describe: (rate) => `${rate.toLocaleString("en")} requests/s offered`,
    write: String,
    option: { value: "number", help: "requests/s offered in an open loop", parse: parsePositive },
  }),
] as const;

/** All factors. */
export const FACTORS: readonly Factor[] = TABLE;

export type FactorName = (typeof TABLE)[number]["id"];
type Measured = Extract<(typeof TABLE)[number], { readonly quantity: LevelQuantity }>;
/** Name of a factor whose levels are quantities. */
export type NumericFactor = Measured["id"];
/** Its key in a point, by which models, questions and answers know it. */
export type LevelKey = Measured["key"];
/** A level for each factor that matters: CPU in cores, memory in bytes. */
export type Levels = Readonly<Partial<Record<LevelKey, number>>>;

/** A factor whose levels are quantities. */
export interface QuantityFactor extends Factor {
  readonly id: NumericFactor;
  readonly key: LevelKey;
  readonly quantity: LevelQuantity;
  read(point: Point): number | undefined;
}

/** The factors whose levels are quantities. */
export function quantities(factors = FACTORS): QuantityFactor[] {
  return factors.filter((factor): factor is QuantityFactor => factor.quantity !== undefined);
}

/** The factor of a name, which must be one. */
export function findFactor(name: NumericFactor, factors?: readonly Factor[]): QuantityFactor;
export function findFactor(name: FactorName, factors?: readonly Factor[]): Factor;
export function findFactor(name: FactorName, factors = FACTORS): Factor {
  return factors.find(({ id }) => id === name)!;
}

/** The factor of a key of a point. */
export function factorOf(key: LevelKey, factors = FACTORS): QuantityFactor {
  return quantities(factors).find((factor) => factor.key === key)!;
}

/** The different ones of some levels, in rising order. */
export function distinct(levels: readonly number[]): number[] {
  return [...new Set(levels)].sort((a, b) => a - b);
}

/** The factors that are to be shown of some points: of the optional ones those that one of the points has. */
export function factorsIn(points: readonly Point[], factors = FACTORS): Factor[] {
  return factors.filter(({ optional, read }) => !optional || points.some((point) => read(point) !== undefined));
}

/** Factors that trials differ in. */
export function variedFactors(records: readonly TrialRecord[], factors = FACTORS): Factor[] {
  return factors.filter(({ read }) => new Set(records.map(({ point }) => read(point))).size > 1);
}

/** Order of trials by their levels of some factors, the first one counting most; no limit comes after every limit. */
export function byLevels(factors: readonly Factor[]): (a: TrialRecord, b: TrialRecord) => number {
  return (a, b) => {
    for (const { read } of factors) {
      const [left = Infinity, right = Infinity] = [read(a.point), read(b.point)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}

/** The same for records of the same scenario: what a sweep keeps fixed, and another sweep may not. */
export function scenarioKey({ scenario }: TrialRecord): string {
  return fixedKey(scenario);
}

/** Factors that are plugins whose options decide what is measured. */
const OPTIONED = ["proxy", "loadTool"] as const;

/**
 * What two trials must share to be compared: scenario, options of their plugins and all levels, but for what the sides
 * differ in. Other plugins have other options, and another sweep may, whose clients may speak otherwise, too: then these do
 * not count.
 */
export function settingWithout(
  differ: FactorName | "sweep" | readonly FactorName[],
  factors = FACTORS,
): (record: TrialRecord) => string {
  const differing: readonly string[] = [differ].flat();
  const others = factors.filter(({ id }) => !differing.includes(id));
  const sweeps = differing.includes("sweep");
  const optioned = sweeps ? [] : OPTIONED.filter((id) => !differing.includes(id));
  return (record) => {
    const levels = others.map(({ read }) => read(record.point) ?? null);
    const scenario = sweeps ? unspokenKey(record.scenario) : scenarioKey(record);
    return JSON.stringify([...levels, scenario, optionsKey(record.options, optioned)]);
  };
}

function named<Id extends "proxy" | "loadTool" | "limiter" | "role">(
  id: Id,
  factor: Pick<Factor, "label" | "meaning" | "levels" | "restarts">,
) {
  const read = (point: Point) => point[id];
  return { id, key: id, unit: "", read, describe: read, ...factor };
}

type Measurable = "cpu" | "memoryBytes" | "servers" | "concurrency" | "requestsPerSecond";

/** `without`: what a point without a level is called; `no` and the label unless given. */
function measured<Id extends string, Key extends Measurable>(
  id: Id,
  key: Key,
  label: string,
  unit: string,
  meaning: string,
  {
    restarts,
    optional,
    column,
    without = `no ${label}`,
    ...quantity
  }: LevelQuantity & Pick<Factor, "restarts" | "optional" | "column"> & { readonly without?: string },
) {
  const levels = (spec: SweepSpec) => (spec[key].length > 0 ? spec[key] : [undefined]);
  const read = (point: Point) => point[key];
  const describe = (point: Point) => {
    const level = read(point);
    return level === undefined ? without : quantity.describe(level);
  };
  const more = { ...(restarts && { restarts }), ...(optional && { optional }), ...(column && { column }) };
  return { id, key, label, unit, meaning, ...more, quantity, read, describe, levels };
}
