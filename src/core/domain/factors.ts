import { formatBytes } from "./format.ts";
import type { Point } from "./point.ts";
import type { TrialRecord } from "./record.ts";

export type FactorName = "proxy" | "loadTool" | "limiter" | "role" | "cpu" | "memory" | "servers" | "concurrency";

/** Factors whose levels are quantities, and which can be the x axis of a chart. */
export const NUMERIC_FACTORS = ["cpu", "memory", "servers", "concurrency"] as const satisfies readonly FactorName[];
export type NumericFactor = (typeof NUMERIC_FACTORS)[number];

/** An input that trials differ in. */
export interface Factor {
  readonly name: FactorName;
  /** For titles: `CPU bandwidth`. */
  readonly label: string;
  /** Unit of its levels; empty for names. */
  readonly unit: string;
  /** Level of a point; `undefined` where there is none, such as no memory limit. */
  read(point: Point): string | number | undefined;
  /** The level in words that can stand alone: `3 servers`, `0.3 cpu`. */
  describe(point: Point): string;
}

/** `1 server`, `3 servers`. */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** A CPU level as it was asked for, two decimals at least: `0.30`, `0.125`. */
export function formatCpuLevel(cores: number): string {
  return cores.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 4, useGrouping: false });
}

/** All factors, in the order in which people read them. */
export const FACTORS: readonly Factor[] = [
  { name: "proxy", label: "proxy", unit: "", read: ({ proxy }) => proxy, describe: ({ proxy }) => proxy },
  { name: "loadTool", label: "load tool", unit: "", read: ({ loadTool }) => loadTool, describe: (p) => p.loadTool },
  { name: "limiter", label: "limiter", unit: "", read: ({ limiter }) => limiter, describe: ({ limiter }) => limiter },
  { name: "role", label: "role", unit: "", read: ({ role }) => role, describe: ({ role }) => role },
  {
    name: "cpu",
    label: "CPU bandwidth",
    unit: "cores",
    read: ({ cpu }) => cpu,
    describe: ({ cpu }) => `${formatCpuLevel(cpu)} cpu`,
  },
  {
    name: "memory",
    label: "memory limit",
    unit: "bytes",
    read: ({ memoryBytes }) => memoryBytes,
    describe: ({ memoryBytes }) => (memoryBytes === undefined ? "no memory limit" : formatBytes(memoryBytes)),
  },
  {
    name: "servers",
    label: "servers",
    unit: "servers",
    read: ({ servers }) => servers,
    describe: ({ servers }) => plural(servers, "server"),
  },
  {
    name: "concurrency",
    label: "connections",
    unit: "connections",
    read: ({ concurrency }) => concurrency,
    describe: ({ concurrency }) => plural(concurrency, "connection"),
  },
];

const scenarios = new WeakMap<TrialRecord, string>();

/** The same for records of the same scenario: what a sweep keeps fixed, and another sweep may not. */
export function scenarioKey(record: TrialRecord): string {
  const known = scenarios.get(record);
  if (known !== undefined) return known;
  const key = JSON.stringify(Object.entries(record.scenario).sort(([a], [b]) => (a < b ? -1 : 1)));
  scenarios.set(record, key);
  return key;
}

/** What two trials must share to be compared: scenario and all levels, but for what the sides differ in. */
export function settingWithout(differ: FactorName | "sweep"): (record: TrialRecord) => string {
  const others = FACTORS.filter(({ name }) => name !== differ);
  return (record) => {
    const levels = others.map(({ read }) => read(record.point) ?? null);
    return JSON.stringify([...levels, scenarioKey(record)]);
  };
}

export function findFactor(name: FactorName): Factor {
  return FACTORS.find((factor) => factor.name === name)!;
}
