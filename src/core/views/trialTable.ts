import type { Column, Table } from "../cells/table.ts";
import {
  formatCores,
  formatCount,
  formatCpuLevel,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { memoryLimitInWords, verdictInWords } from "../words/trials.ts";

interface TrialColumn extends Column {
  cell(record: TrialRecord): string;
}

const COLUMNS: readonly TrialColumn[] = [
  { title: "proxy", align: "left", cell: ({ point }) => point.proxy },
  { title: "tool", align: "left", drop: 5, cell: ({ point }) => point.loadTool },
  { title: "limiter", align: "left", drop: 6, cell: ({ point }) => point.limiter },
  { title: "cpu", align: "right", cell: ({ point }) => formatCpuLevel(point.cpu) },
  { title: "achieved", align: "right", drop: 3, cell: ({ usage }) => formatCores(usage?.cpuAchieved) },
  { title: "memory", align: "right", drop: 1, cell: ({ point }) => memoryLimitInWords(point.memoryBytes) },
  { title: "servers", align: "right", drop: 2, cell: ({ point }) => formatCount(point.servers) },
  { title: "req/s", align: "right", cell: ({ result }) => formatRate(result?.requestsPerSecond) },
  { title: "p99", align: "right", cell: ({ result }) => formatMilliseconds(result?.latencyMs.p99) },
  { title: "failed", align: "right", cell: ({ result }) => formatCount(result?.failedRequests) },
  { title: "throttled", align: "right", drop: 4, cell: ({ usage }) => formatPercent(usage?.throttledShare) },
  { title: "verdict", align: "left", cell: verdictInWords },
];

/** One row per trial, in the order given. */
export function trialTable(records: readonly TrialRecord[]): Table {
  return {
    columns: COLUMNS,
    rows: records.map((record) => COLUMNS.map(({ cell }) => cell(record))),
  };
}
