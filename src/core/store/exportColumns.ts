import type { TrialRecord } from "../domain/record.ts";

export type Cell = string | number | boolean | undefined;

/** A column of exported data. docs/export.md lists the same columns. */
export interface ExportColumn<Row> {
  readonly name: string;
  readonly type: "text" | "number" | "whole number" | "yes or no" | "time";
  /** Empty for names and counts of nothing. */
  readonly unit: string;
  readonly meaning: string;
  read(row: Row): Cell;
}

type Column = ExportColumn<TrialRecord>;

function column(
  name: string,
  type: Column["type"],
  unit: string,
  meaning: string,
  read: (record: TrialRecord) => Cell,
): Column {
  return { name, type, unit, meaning, read };
}

const number = (name: string, unit: string, meaning: string, read: (record: TrialRecord) => number | undefined) =>
  column(name, "number", unit, meaning, read);
const whole = (name: string, unit: string, meaning: string, read: (record: TrialRecord) => number | undefined) =>
  column(name, "whole number", unit, meaning, read);
const text = (name: string, meaning: string, read: (record: TrialRecord) => string | undefined) =>
  column(name, "text", "", meaning, read);

const identity: readonly Column[] = [
  text("trialId", "name of the trial", ({ id }) => id),
  text("sweepId", "sweep that it belongs to", ({ sweepId }) => sweepId),
  whole("sequence", "", "place in the order of execution, from 0", ({ sequence }) => sequence),
  whole("replicate", "", "which repetition of the point, from 0", ({ replicate }) => replicate),
  column("anchor", "yes or no", "", "added to repeat a point of the plan", ({ anchor }) => anchor ?? false),
  text("status", "completed, failed or skipped", ({ status }) => status),
  column("startedAt", "time", "", "when it began, UTC", ({ startedAt }) => startedAt),
];

const factors: readonly Column[] = [
  text("proxy", "proxy", ({ point }) => point.proxy),
  text("loadTool", "load tool", ({ point }) => point.loadTool),
  text("limiter", "limiter", ({ point }) => point.limiter),
  text("role", "reverse or forward", ({ point }) => point.role),
  number("cpu", "cores", "CPU limit", ({ point }) => point.cpu),
  number("memoryBytes", "bytes", "memory limit; empty: none", ({ point }) => point.memoryBytes),
  whole("servers", "", "origin servers", ({ point }) => point.servers),
  whole("concurrency", "", "connections of the load tool", ({ point }) => point.concurrency),
  text("profile", "fair or as-shipped", ({ scenario }) => scenario.profile),
  column("keepAlive", "yes or no", "", "connections are used again", ({ scenario }) => scenario.keepAlive),
  number("bodyBytes", "bytes", "size of the origins' answer", ({ scenario }) => scenario.bodyBytes),
  number("originDelayMs", "ms", "time an origin waits before it answers", ({ scenario }) => scenario.originDelayMs),
];

const results: readonly Column[] = [
  number("requestsPerSecond", "requests/s", "completed requests / duration", (r) => r.result?.requestsPerSecond),
  whole("completedRequests", "requests", "in the whole window", (r) => r.result?.completedRequests),
  whole("failedRequests", "requests", "in the whole window", (r) => r.result?.failedRequests),
  number("transferredBytes", "bytes", "received, headers included", (r) => r.result?.transferredBytes),
  number("durationSeconds", "s", "length of the window", (r) => r.result?.durationSeconds),
  number("latencyMeanMs", "ms", "latency, mean", (r) => r.result?.latencyMs.mean),
  number("latencyP50Ms", "ms", "latency, half of the requests below", (r) => r.result?.latencyMs.p50),
  number("latencyP90Ms", "ms", "latency, 90 % below", (r) => r.result?.latencyMs.p90),
  number("latencyP99Ms", "ms", "latency, 99 % below", (r) => r.result?.latencyMs.p99),
  number("latencyMaxMs", "ms", "latency, longest", (r) => r.result?.latencyMs.max),
  text("latencyKind", "service, response or corrected; never mix them", (r) => r.result?.latencyKind),
  text("loop", "closed or open", (r) => r.result?.loop),
  number("offeredRequestsPerSecond", "requests/s", "asked of an open loop", (r) => r.result?.offeredRequestsPerSecond),
];

const usage: readonly Column[] = [
  number("cpuSeconds", "s", "CPU time of the proxy", (r) => r.usage?.cpuSeconds),
  number("cpuAchieved", "cores", "CPU used while the load was on", (r) => r.usage?.cpuAchieved),
  number("throttledShare", "share", "throttled periods / periods, 0 to 1", (r) => r.usage?.throttledShare),
  number("cpuMicrosPerRequest", "µs", "CPU time per completed request", (r) => r.usage?.cpuMicrosPerRequest),
  number("memoryPeakBytes", "bytes", "since the proxy started", (r) => r.usage?.memoryPeakBytes),
  whole("memoryLimitHits", "", "times that memory was reclaimed at the limit", (r) => r.usage?.memoryLimitHits),
  whole("oomKills", "processes", "killed at the memory limit", (r) => r.usage?.oomKills),
  number("loadToolCpu", "cores", "CPU of the load tool", (r) => r.usage?.loadToolCpu),
  number("originCpu", "cores", "CPU of all origins", (r) => r.usage?.originCpu),
  number("otherCpu", "cores", "CPU of everything else", (r) => r.usage?.otherCpu),
  number("stealCpu", "cores", "CPU given to other machines", (r) => r.usage?.stealCpu),
];

const judgement: readonly Column[] = [
  text("steady", "yes, no or unchecked", (r) => r.quality?.steady),
  number("halfWidth", "share", "half of the run's own 95 % interval / its rate", (r) => r.quality?.halfWidth),
  number("directRequestsPerSecond", "requests/s", "same load without a proxy", (r) => r.directRequestsPerSecond),
  text("verdict", "what held the rate down", (r) => r.verdict?.bound),
  text("evidence", "the figures behind the verdict", (r) => r.verdict?.evidence),
  text("errorCode", "why the trial failed", (r) => r.error?.code),
  column("freshProcess", "yes or no", "", "the proxy was started for it", (r) => r.freshProcess),
  text("proxyVersion", "version of the proxy", (r) => r.environment.versions[r.point.proxy]),
  text("cpuModel", "processor of the machine", (r) => r.environment.cpuModel),
];

/** A row for each trial. */
export const TRIAL_COLUMNS: readonly Column[] = [...identity, ...factors, ...results, ...usage, ...judgement];

/** A part of the window of a trial. */
export interface Segment {
  readonly record: TrialRecord;
  readonly index: number;
  readonly startSeconds: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
}

/** A row for each part of a trial's window; join with the trials on trialId. */
export const SEGMENT_COLUMNS: readonly ExportColumn<Segment>[] = [
  { name: "trialId", type: "text", unit: "", meaning: "name of the trial", read: ({ record }) => record.id },
  { name: "segment", type: "whole number", unit: "", meaning: "which part, from 0", read: ({ index }) => index },
  { name: "proxy", type: "text", unit: "", meaning: "proxy", read: ({ record }) => record.point.proxy },
  { name: "cpu", type: "number", unit: "cores", meaning: "CPU limit", read: ({ record }) => record.point.cpu },
  {
    name: "startSeconds",
    type: "number",
    unit: "s",
    meaning: "since the window began",
    read: ({ startSeconds }) => startSeconds,
  },
  { name: "seconds", type: "number", unit: "s", meaning: "length of the part", read: ({ seconds }) => seconds },
  {
    name: "requestsPerSecond",
    type: "number",
    unit: "requests/s",
    meaning: "as the origins counted it",
    read: ({ requestsPerSecond }) => requestsPerSecond,
  },
];

/** The parts of the windows of trials, as far as they were counted. */
export function segmentsOf(records: readonly TrialRecord[]): Segment[] {
  return records.flatMap((record) => {
    const series = record.quality?.series;
    return (series?.requestsPerSecond ?? []).map((requestsPerSecond, index) => ({
      record,
      index,
      startSeconds: index * series!.intervalSeconds,
      seconds: series!.intervalSeconds,
      requestsPerSecond,
    }));
  });
}
