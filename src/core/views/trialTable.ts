import { type ColumnOf, columnsFor, left, right, type Table, tableOf } from "../cells/table.ts";
import { type FactorName, findFactor, type NumericFactor } from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatCpuLevel,
  formatFigure,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { ServiceGoal } from "../domain/spec.ts";
import { howItFailed } from "../words/memory.ts";
import { howItWent } from "../words/search.ts";
import { memoryLimitInWords, verdictInWords } from "../words/trials.ts";

/** A column of a table of trials, which can also be sorted and filtered by it. */
export interface TrialColumn extends ColumnOf<TrialRecord> {
  readonly id: string;
  /** Unit of its values, where they are quantities. */
  readonly unit?: string;
  /** Columns of the terminal that its widest cell takes. */
  readonly width: number;
  /** It is shown only where a trial has a value for it. */
  readonly optional?: true;
  /** It shows a level of a factor. */
  readonly factor?: true;
  read(record: TrialRecord): string | number | undefined;
}

type Format = (value: number | undefined) => string;

/** A column of words. */
function words(id: string, width: number, read: (record: TrialRecord) => string, drop = 0): TrialColumn {
  return { id, title: id, align: "left", width, drop, read, cell: read };
}

/** A column of a factor whose levels are names. */
function name(id: string, factor: FactorName, width: number, drop = 0): TrialColumn {
  return { ...words(id, width, ({ point }) => String(findFactor(factor).read(point)), drop), factor: true };
}

function numbers(
  id: string,
  title: string,
  unit: string,
  width: number,
  read: (record: TrialRecord) => number | undefined,
  format: Format,
  drop = 0,
): TrialColumn {
  return { id, title, unit, align: "right", width, drop, read, cell: (record) => format(read(record)) };
}

/** A column of a factor whose levels are quantities. */
function level(id: string, factor: NumericFactor, width: number, format: Format, drop?: number): TrialColumn {
  const { read, unit, optional } = findFactor(factor);
  const column = { ...numbers(id, id, unit, width, ({ point }) => read(point), format, drop), factor: true } as const;
  return optional ? { ...column, optional } : column;
}

/** A column of a figure. */
function figure(id: string, title: string, name: string, width: number, format: Format, drop?: number): TrialColumn {
  const { of, unit } = figureOf(name);
  return numbers(id, title, unit, width, of, format, drop);
}

/** A column for each factor, for the figures asked for most, and for what came of the trial. */
export const TRIAL_COLUMNS: readonly TrialColumn[] = [
  name("proxy", "proxy", 10),
  name("tool", "loadTool", 9, 5),
  name("limiter", "limiter", 11, 9),
  level("cpu", "cpu", 5, (cores) => formatCpuLevel(cores!)),
  level("memory", "memory", 8, memoryLimitInWords, 1),
  level("servers", "servers", 7, formatCount, 2),
  level("conn", "concurrency", 5, formatCount, 8),
  level("offered", "rate", 7, formatRate),
  figure("rate", "req/s", "requestsPerSecond", 6, formatRate),
  figure("p99", "p99", "latencyMs.p99", 8, formatMilliseconds),
  numbers("failed", "failed", "requests", 6, ({ result }) => result?.failedRequests, formatCount, 3),
  figure("achieved", "achieved", "cpuAchieved", 8, formatCores, 6),
  figure("throttled", "throttled", "throttledShare", 9, formatPercent, 4),
  figure("cost", "cpu/req", "cpuMicrosPerRequest", 8, (value) => formatFigure(value, "µs"), 7),
  figure("peak", "mem peak", "memoryPeakBytes", 9, formatBytes, 10),
  words("verdict", 13, verdictInWords),
  words("sweep", 20, ({ sweepId }) => sweepId, 11),
];

/** Those of an overview, in their order there. */
const OVERVIEW = "proxy tool limiter cpu achieved memory servers offered rate p99 failed throttled verdict".split(" ");

/** One row per trial, in the order given. */
export function trialTable(records: readonly TrialRecord[]): Table {
  const columns = OVERVIEW.map((wanted) => TRIAL_COLUMNS.find(({ id }) => id === wanted)!);
  return tableOf(records, keepingApart(columnsFor(columns, records), records));
}

/** Trials that differ in a factor must not look alike on a narrow page: its column is among the last to go. */
function keepingApart(columns: readonly TrialColumn[], records: readonly TrialRecord[]): TrialColumn[] {
  const varies = ({ factor, read }: TrialColumn) => factor && new Set(records.map(read)).size > 1;
  return columns.map((column) => (varies(column) ? { ...column, drop: 0 } : column));
}

/** The trials of a search for the least memory, from much to little. */
export function floorTable(records: readonly TrialRecord[]): Table {
  const reference = records.find(({ point }) => point.memoryBytes === undefined);
  const byMemory = records.toSorted((a, b) => (b.point.memoryBytes ?? Infinity) - (a.point.memoryBytes ?? Infinity));
  return tableOf(byMemory, [
    right("memory limit", ({ point }) => memoryLimitInWords(point.memoryBytes)),
    right("peak", ({ usage }) => formatBytes(usage?.memoryPeakBytes)),
    right("req/s", ({ result }) => formatRate(result?.requestsPerSecond)),
    left("what happened", (record) => howItFailed(record, reference)),
  ]);
}

/** The trials of a search for the least CPU that keeps a goal, from much to little. */
export function sizeTable(records: readonly TrialRecord[], goal: ServiceGoal): Table {
  return tableOf(
    records.toSorted((a, b) => b.point.cpu - a.point.cpu),
    [right("cpu limit", ({ point }) => formatCpuLevel(point.cpu)), ...searchColumns(goal)],
  );
}

/** The trials of a search for the highest rate at which a goal is kept, from little to much. */
export function capacityTable(records: readonly TrialRecord[], goal: ServiceGoal): Table {
  const rateOf = ({ point }: TrialRecord) => point.requestsPerSecond ?? 0;
  return tableOf(
    records.toSorted((a, b) => rateOf(a) - rateOf(b)),
    [right("offered", (record) => formatCount(rateOf(record))), ...searchColumns(goal)],
  );
}

function searchColumns(goal: ServiceGoal) {
  return [
    right<TrialRecord>("used", ({ usage }) => formatCores(usage?.cpuAchieved)),
    right<TrialRecord>("throttled", ({ usage }) => formatPercent(usage?.throttledShare)),
    right<TrialRecord>("req/s", ({ result }) => formatRate(result?.requestsPerSecond)),
    right<TrialRecord>("p50", ({ result }) => formatMilliseconds(result?.latencyMs.p50)),
    right<TrialRecord>("p99", ({ result }) => formatMilliseconds(result?.latencyMs.p99)),
    left<TrialRecord>("what happened", (record) => howItWent(record, goal)),
  ];
}
