import type { Style } from "../../../core/cells/line.ts";
import { formatCpuLevel } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatFigure,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../../../core/domain/format.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { isOwnLimit } from "../../../core/domain/verdicts.ts";
import { memoryLimitInWords, verdictInWords } from "../../../core/words/trials.ts";
import { arrangerOf, type TableColumn, type TableKind } from "../../widgets/table/table.ts";

const right = { align: "right" } as const;
const left = { align: "left" } as const;

/** A column of a figure. */
function figure(
  id: string,
  title: string,
  name: string,
  width: number,
  format: (value: number | undefined) => string,
  drop?: number,
): TableColumn<TrialRecord> {
  const { of: read, unit } = figureOf(name);
  return { id, title, unit, width, ...right, read, cell: (r) => format(read(r)), ...(drop !== undefined && { drop }) };
}

/** Trials as rows: one column for each factor and for the figures asked for most. */
export const trialColumns: TableKind<TrialRecord> = {
  keyOf: ({ id }) => id,
  columns: [
    { id: "proxy", title: "proxy", width: 10, ...left, read: (r) => r.point.proxy, cell: (r) => r.point.proxy },
    {
      id: "tool",
      title: "tool",
      width: 9,
      ...left,
      drop: 5,
      read: (r) => r.point.loadTool,
      cell: (r) => r.point.loadTool,
    },
    {
      id: "limiter",
      title: "limiter",
      width: 11,
      ...left,
      drop: 9,
      read: (r) => r.point.limiter,
      cell: (r) => r.point.limiter,
    },
    {
      id: "cpu",
      title: "cpu",
      unit: "cores",
      width: 5,
      ...right,
      read: (r) => r.point.cpu,
      cell: (r) => formatCpuLevel(r.point.cpu),
    },
    {
      id: "memory",
      title: "memory",
      unit: "bytes",
      width: 8,
      ...right,
      drop: 1,
      read: (r) => r.point.memoryBytes,
      cell: (r) => memoryLimitInWords(r.point.memoryBytes),
    },
    {
      id: "servers",
      title: "servers",
      width: 7,
      ...right,
      drop: 2,
      read: (r) => r.point.servers,
      cell: (r) => formatCount(r.point.servers),
    },
    {
      id: "conn",
      title: "conn",
      width: 5,
      ...right,
      drop: 8,
      read: (r) => r.point.concurrency,
      cell: (r) => formatCount(r.point.concurrency),
    },
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
      width: 13,
      ...left,
      read: verdictInWords,
      cell: verdictInWords,
      style: verdictStyle,
    },
    { id: "sweep", title: "sweep", width: 20, ...left, drop: 11, read: (r) => r.sweepId, cell: (r) => r.sweepId },
  ],
};

/** Filters and sorts the trials; keeps its last answer. */
export const arrangeTrials = arrangerOf(trialColumns);

/** How a verdict is coloured: the proxy's own doing, something else's, failed. */
export function verdictStyle({ status, verdict }: TrialRecord): Style {
  if (status === "failed") return "bad";
  if (status === "skipped" || !verdict) return "faint";
  return isOwnLimit(verdict.bound) ? "good" : "warning";
}
