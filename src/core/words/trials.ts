import { ABSENT, formatBytes, formatCount, formatCpuLevel, plural } from "../domain/format.ts";
import type { Point, Scenario } from "../domain/point.ts";
import type { TrialRecord, TrialResult } from "../domain/record.ts";

/** What the kinds of latency are called. */
export const LATENCY_WORDS: Readonly<Record<TrialResult["latencyKind"], string>> = {
  service: "service time",
  response: "response time",
  corrected: "corrected service time",
};

/** What clients speak with the proxy, where it is more than HTTP/1.1: `TLS 1.3 with an ECDSA key`, `HTTP/2`. */
export function protocolInWords({ tls, tlsVersion, tlsHandshake, keepAlive, http }: Scenario): string[] {
  const handshakes = keepAlive ? "" : `, ${tlsHandshake} handshakes`;
  return [
    ...(tls ? [`TLS ${tlsVersion} with an ${tls.toUpperCase()} key${handshakes}`] : []),
    ...(http ? [`HTTP/${http}`] : []),
  ];
}

/** A point in one line: `haproxy 0.30 cpu, 64 MiB, 1 server, wrk x32, docker`, or with a rate `autocannon x32 at 500/s`. */
export function pointInWords(point: Point): string {
  const { servers, loadTool, concurrency, limiter, requestsPerSecond } = point;
  const rate = requestsPerSecond === undefined ? "" : ` at ${requestsPerSecond.toLocaleString("en")}/s`;
  return [limitsInWords(point), plural(servers, "server"), `${loadTool} x${concurrency}${rate}`, limiter].join(", ");
}

/** The same, but only the limits: `haproxy 0.30 cpu, 64 MiB`. */
export function limitsInWords(point: Point): string {
  const { memoryBytes } = point;
  return `${placeInWords(point)}${memoryBytes === undefined ? "" : `, ${formatBytes(memoryBytes)}`}`;
}

/** The same as short as can be: `haproxy 0.30 cpu`. */
export function placeInWords({ proxy, cpu }: Point): string {
  return `${proxy} ${formatCpuLevel(cpu)} cpu`;
}

/** What came of a trial: `1,234 req/s, proxy-bound`, or `failed: killed at its memory limit`. */
export function outcomeInWords({ status, result, verdict, error }: TrialRecord): string {
  if (!result) return error ? `${status}: ${error.message}` : status;
  return `${formatCount(result.requestsPerSecond)} req/s, ${verdict?.bound ?? "no verdict"}`;
}

/** A trial in one line: its point, and what came of it. */
export function recordInWords(record: TrialRecord): string {
  return `${pointInWords(record.point)}: ${outcomeInWords(record)}`;
}

/** What bounded a trial, or the code of the error that ended it. */
export function verdictInWords({ status, verdict, error }: TrialRecord): string {
  return status === "completed" ? (verdict?.bound ?? ABSENT) : (error?.code ?? status);
}

/** A memory limit in a table. */
export function memoryLimitInWords(bytes: number | undefined): string {
  return bytes === undefined ? "no limit" : formatBytes(bytes);
}
