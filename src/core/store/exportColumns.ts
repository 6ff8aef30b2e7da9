import type { Factor } from "../domain/factors.ts";
import type { Figure } from "../domain/figures.ts";
import { optionsText, type TrialOptions } from "../domain/pluginOptions.ts";
import type { TrialRecord } from "../domain/record.ts";
import { TABLES } from "../domain/tables.ts";

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

/** A trial as it was measured, with its rate at reference speed where that is known. */
export interface ExportedTrial extends TrialRecord {
  readonly rateAtReferenceSpeed?: number;
}

type Column = ExportColumn<ExportedTrial>;

type Read<Row, C extends Cell> = (row: Row) => C | undefined;

const column = <Row>(name: string, type: Column["type"], unit: string, meaning: string, read: Read<Row, Cell>) =>
  ({ name, type, unit, meaning, read }) satisfies ExportColumn<Row>;
const number = <Row>(name: string, unit: string, meaning: string, read: Read<Row, number>) =>
  column(name, "number", unit, meaning, read);
const whole = <Row>(name: string, meaning: string, read: Read<Row, number>) =>
  column(name, "whole number", "", meaning, read);
const text = <Row>(name: string, meaning: string, read: Read<Row, string>) => column(name, "text", "", meaning, read);

const identity: readonly Column[] = [
  text("trialId", "name of the trial", ({ id }) => id),
  text("sweepId", "sweep that it belongs to", ({ sweepId }) => sweepId),
  whole("sequence", "place in the order of execution, from 0", ({ sequence }) => sequence),
  whole("replicate", "which repetition of the point, from 0", ({ replicate }) => replicate),
  column("anchor", "yes or no", "", "added to repeat a point of the plan", ({ anchor }) => anchor ?? false),
  text("status", "completed, failed or skipped", ({ status }) => status),
  column("startedAt", "time", "", "when it began, UTC", ({ startedAt }) => startedAt),
];

const optionsOf = (role: keyof TrialOptions) => (record: TrialRecord) => optionsText(record.options?.[role]);

const scenario: readonly Column[] = [
  text("profile", "fair, as-shipped, or own: as a configuration of your own says", (r) => r.scenario.profile),
  column("keepAlive", "yes or no", "", "connections are used again", (r) => r.scenario.keepAlive),
  text("tls", "kind of key of the proxy's certificate; empty: no TLS", (r) => r.scenario.tls),
  text("tlsVersion", "version of TLS", (r) => r.scenario.tlsVersion),
  text("tlsHandshake", "handshakes of new connections: resumed or full", (r) => r.scenario.tlsHandshake),
  text("httpVersion", "version of HTTP between clients and proxy", (r) => r.scenario.http ?? "1.1"),
  number("bodyBytes", "bytes", "size of the origins' answer", (r) => r.scenario.bodyBytes),
  number("originDelayMs", "ms", "time an origin waits before it answers", (r) => r.scenario.originDelayMs),
  text("proxyOptions", "options of the proxy that differ from its defaults", optionsOf("proxy")),
  text("loadToolOptions", "the same of the load tool", optionsOf("loadTool")),
  text("limiterOptions", "the same of the limiter", optionsOf("limiter")),
];

/** What else was measured, by the figure that it stands behind. */
const behind: Readonly<Record<string, readonly Column[]>> = {
  transferredBytes: [number("durationSeconds", "s", "length of the window", (r) => r.result?.durationSeconds)],
  inFlight: [
    text("latencyKind", "service, response or corrected; never mix them", (r) => r.result?.latencyKind),
    text("loop", "closed or open", (r) => r.result?.loop),
    number("cpuSeconds", "s", "CPU time of the proxy", (r) => r.usage?.cpuSeconds),
    number("userCpuSeconds", "s", "of it in user mode, by ticks", (r) => r.usage?.userCpuSeconds),
    number("systemCpuSeconds", "s", "of it in the kernel, by ticks", (r) => r.usage?.systemCpuSeconds),
  ],
  memoryPeakBytes: [
    whole("memoryLimitHits", "times that memory was reclaimed at the limit", (r) => r.usage?.memoryLimitHits),
  ],
  originCpu: [number("otherCpu", "cores", "CPU of everything else", (r) => r.usage?.otherCpu)],
  probeMicros: [
    whole("speedSamples", "pieces of that work in the window", (r) => r.speed?.samples),
    number(
      "requestsPerSecondAtReferenceSpeed",
      "requests/s",
      "at the one reference speed of all trials of the file; empty: not corrected",
      (r) => r.rateAtReferenceSpeed,
    ),
  ],
  stealCpu: [
    text("steady", "yes, no or unchecked", (r) => r.quality?.steady),
    number("halfWidth", "share", "half of the run's own 95 % interval / its rate", (r) => r.quality?.halfWidth),
  ],
};

const judgement: readonly Column[] = [
  text("verdict", "what held the rate down", (r) => r.verdict?.bound),
  text("evidence", "the figures behind the verdict", (r) => r.verdict?.evidence),
  text("errorCode", "why the trial failed", (r) => r.error?.code),
  column("freshProcess", "yes or no", "", "the proxy was started for it", (r) => r.freshProcess),
  text("proxyVersion", "version of the proxy", (r) => r.environment.versions[r.point.proxy]),
  text("cpuModel", "processor of the machine", (r) => r.environment.cpuModel),
];

/** The columns of a row for each trial. */
export function exportColumns({ factors, figures } = TABLES): Column[] {
  return [...identity, ...factors.map(factorColumn), ...scenario, ...figures.flatMap(figureColumns), ...judgement];
}

function factorColumn({ key, unit, meaning, quantity, read, column: own }: Factor): Column {
  const level = own?.of ?? (({ point }: TrialRecord) => read(point));
  const name = own?.name ?? key;
  if (!quantity) return column(name, "text", "", meaning, level);
  return quantity.whole
    ? column(name, "whole number", "", meaning, level)
    : column(name, "number", unit, meaning, level);
}

function figureColumns({ id, unit, of, column: own }: Figure): readonly Column[] {
  if (!own) return [];
  const { name = id, type, meaning } = own;
  return [column(name, type, own.unit ?? unit, meaning, own.of ?? of), ...(behind[id] ?? [])];
}

/** A part of the window of a trial. */
type Segment = ReturnType<typeof segmentsOf>[number];

/** A row for each part of a trial's window; join with the trials on trialId. */
export const SEGMENT_COLUMNS: readonly ExportColumn<Segment>[] = [
  text("trialId", "name of the trial", ({ record }) => record.id),
  whole("segment", "which part, from 0", ({ index }) => index),
  text("proxy", "proxy", ({ record }) => record.point.proxy),
  number("cpu", "cores", "CPU limit", ({ record }) => record.point.cpu),
  number("startSeconds", "s", "since the window began", ({ startSeconds }) => startSeconds),
  number("seconds", "s", "length of the part", ({ seconds }) => seconds),
  number("requestsPerSecond", "requests/s", "as the origins counted it", ({ requestsPerSecond }) => requestsPerSecond),
];

/** The parts of the windows of trials, as far as they were counted. */
export function segmentsOf(records: readonly TrialRecord[]) {
  return records.flatMap((record) => {
    const { requestsPerSecond: rates = [], intervalSeconds: seconds = 0 } = record.quality?.series ?? {};
    return rates.map((requestsPerSecond, index) => ({
      record,
      index,
      startSeconds: index * seconds,
      seconds,
      requestsPerSecond,
    }));
  });
}
