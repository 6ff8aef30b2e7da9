import type { Style } from "../../../core/cells/line.ts";
import { type FactorName, findFactor, type NumericFactor } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatCpuLevel,
  formatFigure,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../../../core/domain/format.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { isOwnLimit } from "../../../core/domain/verdicts.ts";
import { memoryLimitInWords, verdictInWords } from "../../../core/words/trials.ts";
import { arrangerOf, type TableColumn, type TableKind } from "../../widgets/table/table.ts";

/** A column of a factor whose levels are names. */
function name(id: string, factor: FactorName, width: number, drop = 0): TableColumn<TrialRecord> {
  const read = ({ point }: TrialRecord) => findFactor(factor).read(point);
  return { id, title: id, align: "left", width, drop, read, cell: (record) => String(read(record)) };
}

/** A column of a factor whose levels are quantities. */
function level(
  id: string,
  factor: NumericFactor,
  width: number,
  format: (value: number | undefined) => string,
  drop = 0,
): TableColumn<TrialRecord> {
  const { read, unit } = findFactor(factor);
  const of = ({ point }: TrialRecord) => read(point);
  return { id, title: id, unit, align: "right", width, drop, read: of, cell: (record) => format(of(record)) };
}

/** A column of a figure. */
function figure(
  id: string,
  title: string,
  name: string,
  width: number,
  format: (value: number | undefined) => string,
  drop = 0,
): TableColumn<TrialRecord> {
  const { of: read, unit } = figureOf(name);
  return { id, title, unit, align: "right", width, drop, read, cell: (record) => format(read(record)) };
}

/** Trials as rows: one column for each factor and for the figures asked for most. */
export const trialTableKind: TableKind<TrialRecord> = {
  keyOf: ({ id }) => id,
  columns: [
    name("proxy", "proxy", 10),
    name("tool", "loadTool", 9, 5),
    name("limiter", "limiter", 11, 9),
    level("cpu", "cpu", 5, (cores) => formatCpuLevel(cores!)),
    level("memory", "memory", 8, memoryLimitInWords, 1),
    level("servers", "servers", 7, formatCount, 2),
    level("conn", "concurrency", 5, formatCount, 8),
    figure("rate", "req/s", "requestsPerSecond", 6, formatRate),
    figure("p99", "p99", "latencyMs.p99", 8, formatMilliseconds),
    figure("failed", "failed", "failedRequests", 6, formatCount, 3),
    figure("achieved", "achieved", "cpuAchieved", 8, formatCores, 6),
    figure("throttled", "throttled", "throttledShare", 9, formatPercent, 4),
    figure("cost", "cpu/req", "cpuMicrosPerRequest", 8, (value) => formatFigure(value, "µs"), 7),
    figure("peak", "mem peak", "memoryPeakBytes", 9, formatBytes, 10),
    {
      id: "verdict",
      title: "verdict",
      align: "left",
      width: 13,
      read: verdictInWords,
      cell: verdictInWords,
      style: verdictStyle,
    },
    {
      id: "sweep",
      title: "sweep",
      align: "left",
      width: 20,
      drop: 11,
      read: ({ sweepId }) => sweepId,
      cell: ({ sweepId }) => sweepId,
    },
  ],
};

/** Filters and sorts the trials; keeps its last answer. */
export const arrangeTrials = arrangerOf(trialTableKind);

/** How a verdict is coloured: the proxy's own doing, something else's, failed. */
export function verdictStyle({ status, verdict }: TrialRecord): Style {
  if (status === "failed") return "bad";
  if (status === "skipped" || !verdict) return "faint";
  return isOwnLimit(verdict.bound) ? "good" : "warning";
}
