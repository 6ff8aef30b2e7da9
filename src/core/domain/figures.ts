import { LabError } from "../errors.ts";
import { perWindow } from "./perWindow.ts";
import type { TrialRecord } from "./record.ts";

/** A figure that trials are judged by. */
export interface Metric {
  /** Its name on the command line and in JSON. */
  readonly name: string;
  /** For titles and columns. */
  readonly label: string;
  /** Unit of its values; see `formatFigure`. */
  readonly unit: string;
  readonly better: "higher" | "lower" | "neither";
  /** The figure of a trial; `undefined` where it was not measured. */
  read(record: TrialRecord): number | undefined;
}

/** All figures, the ones asked for most first. */
export const METRICS: readonly Metric[] = [
  metric("requestsPerSecond", "requests/s", "requests/s", "higher", (r) => r.result?.requestsPerSecond),
  metric("completedRequests", "completed requests", "requests", "higher", (r) =>
    perWindow(r, r.result?.completedRequests),
  ),
  metric("failedRequests", "failed requests", "requests", "lower", (r) => perWindow(r, r.result?.failedRequests)),
  metric("failedShare", "failed share", "share", "lower", failedShare),
  metric("transferredBytes", "transferred bytes", "bytes", "higher", (r) => perWindow(r, r.result?.transferredBytes)),
  metric("transferredBytesPerSecond", "transfer rate", "bytes/s", "higher", transferRate),
  metric("latencyMs.mean", "mean latency", "ms", "lower", (r) => r.result?.latencyMs.mean),
  metric("latencyMs.p50", "p50 latency", "ms", "lower", (r) => r.result?.latencyMs.p50),
  metric("latencyMs.p90", "p90 latency", "ms", "lower", (r) => r.result?.latencyMs.p90),
  metric("latencyMs.p99", "p99 latency", "ms", "lower", (r) => r.result?.latencyMs.p99),
  metric("latencyMs.max", "longest latency", "ms", "lower", (r) => r.result?.latencyMs.max),
  metric("cpuAchieved", "CPU achieved", "cores", "neither", (r) => r.usage?.cpuAchieved),
  metric("throttledShare", "throttled periods", "share", "lower", (r) => r.usage?.throttledShare),
  metric("cpuMicrosPerRequest", "CPU per request", "µs", "lower", (r) => r.usage?.cpuMicrosPerRequest),
  metric("memoryPeakBytes", "memory peak", "bytes", "lower", (r) => r.usage?.memoryPeakBytes),
  metric("oomKills", "out-of-memory kills", "kills", "lower", (r) => r.usage?.oomKills),
  metric("loadToolCpu", "CPU of the load tool", "cores", "neither", (r) => r.usage?.loadToolCpu),
  metric("originCpu", "CPU of the origins", "cores", "neither", (r) => r.usage?.originCpu),
  metric("stealCpu", "CPU taken by the hypervisor", "cores", "lower", (r) => r.usage?.stealCpu),
  metric(
    "directRequestsPerSecond",
    "requests/s without a proxy",
    "requests/s",
    "neither",
    (r) => r.directRequestsPerSecond,
  ),
  metric("originServed", "served by the origins", "requests", "neither", (r) => r.originServed),
];

/** The metric of a name; `undefined` if there is none. */
export function findMetric(name: string): Metric | undefined {
  return METRICS.find((candidate) => candidate.name === name);
}

/** The metric of a name. Throws LAB_USAGE if there is none. */
export function metricOf(name: string): Metric {
  const metric = findMetric(name);
  if (metric) return metric;
  const help = `figures: ${METRICS.map((known) => known.name).join(", ")}`;
  throw new LabError("LAB_USAGE", `there is no figure called "${name}"`, { help });
}

/** Latency is of several kinds, which must not be mixed. */
export function isLatency(name: string): boolean {
  return name.startsWith("latencyMs.");
}

/** Failed requests / all requests sent; `undefined` when none were. */
function failedShare({ result }: TrialRecord): number | undefined {
  const sent = (result?.completedRequests ?? 0) + (result?.failedRequests ?? 0);
  return result && sent > 0 ? result.failedRequests / sent : undefined;
}

function transferRate({ result }: TrialRecord): number | undefined {
  return result?.transferredBytes === undefined ? undefined : result.transferredBytes / result.durationSeconds;
}

function metric(name: string, label: string, unit: string, better: Metric["better"], read: Metric["read"]): Metric {
  return { name, label, unit, better, read };
}
