import { type Line, line, type Piece, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { wrapWords } from "../../../core/cells/text.ts";
import type { LatencyMs } from "../../../core/contract/index.ts";
import { factorsIn } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatDuration,
  formatFigure,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../../../core/domain/format.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { failuresInWords } from "../../../core/words/failures.ts";
import { speedFacts } from "../../../core/words/speed.ts";
import { LATENCY_WORDS, protocolInWords, verdictInWords } from "../../../core/words/trials.ts";
import { bar } from "../../charts/bar.ts";
import { sparklineWithRange } from "../../charts/sparkline.ts";
import { twoColumns } from "../../widgets/columns.ts";
import { verdictStyle } from "./tables.ts";

const LABEL = 16;
/** Latencies and what they are called. */
const PERCENTILES: readonly (readonly [keyof LatencyMs, string])[] = [
  ["p50", "p50"],
  ["p90", "p90"],
  ["p95", "p95"],
  ["p99", "p99"],
  ["p999", "p99.9"],
  ["max", "max"],
];

type Format = (value: number | undefined) => string;

/** A trial's record in words: what it measured, what held it down and why that is believed. `place`: of it in the table. */
export function recordLines(record: TrialRecord, place: string, width: number, pen: Pen): Line[] {
  const two = twoColumns(width);
  const part = two?.[0] ?? width;
  const [measured, used] = [measuredLines(record, part, pen), usage(record, part, pen)];
  const [checked, made] = [checks(record, part, pen), conditions(record, part, pen)];
  const body = two
    ? pen.beside([[...measured, ...checked], two[0]], [[...used, ...made], two[1]])
    : [...measured, ...used, ...checked, ...made];
  return [...head(record, place, width, pen), ...body];
}

function head(record: TrialRecord, place: string, width: number, pen: Pen): Line[] {
  const { point, verdict, error, reason } = record;
  const named = factorsIn([point]).filter(({ id }) => id !== "proxy" && id !== "role");
  const levels = named.map(({ describe }) => describe(point));
  const evidence = error?.message ?? verdict?.evidence ?? "";
  return [
    pen.ends([piece(` ${point.proxy}`, "title"), piece(` ${levels.join(", ")}`)], [piece(`${place} `, "faint")], width),
    [piece(` ${verdictInWords(record)}`, verdictStyle(record))],
    ...pen.paragraph(evidence, width, "plain", 3),
    ...(reason === undefined ? [] : [line(` chosen: ${reason}`, "faint")]),
  ];
}

function measuredLines({ result, quality, correction }: TrialRecord, width: number, pen: Pen): Line[] {
  const title = pen.rule("measured", width - 1);
  if (!result) return [title, line("  nothing", "faint")];
  const { latencyMs, offeredRequestsPerSecond: offered, failedRequests, transferredBytes } = result;
  const asked = offered === undefined ? "" : ` of ${formatRate(offered)} asked for`;
  const failures = failuresInWords(result.failures);
  const percentiles = PERCENTILES.flatMap(([name, title]) =>
    latencyMs[name] === undefined ? [] : [`${title} ${formatMilliseconds(latencyMs[name])}`],
  );
  const rates = quality?.series?.requestsPerSecond;
  const spark = { width: Math.min(60, width - LABEL - 3) };
  return [
    title,
    row("requests/s", `${formatRate(correction?.requestsPerSecond ?? result.requestsPerSecond)}${asked}`),
    ...(rates ? [[label("over time"), ...sparklineWithRange(rates, "requests/s", spark, pen)]] : []),
    row("completed", `${formatCount(result.completedRequests)} in ${formatDuration(result.durationSeconds)}`),
    row("failed", formatCount(failedRequests) + (failures && ` (${failures})`), failedRequests > 0 ? "bad" : "plain"),
    ...rows("latency", `${percentiles.join(", ") || "no percentiles"} (${LATENCY_WORDS[result.latencyKind]})`, width),
    ...(transferredBytes === undefined ? [] : [row("transferred", formatBytes(transferredBytes))]),
  ];
}

function usage(record: TrialRecord, width: number, pen: Pen): Line[] {
  const { usage: used, point, correction } = record;
  const title = pen.rule("used", width - 1);
  const atSpeed = correction ? " at reference speed" : "";
  if (!used) return [title, line("  not known", "faint")];
  const bars = Math.max(6, Math.min(24, width - LABEL - 26));
  const { cpuAchieved, memoryPeakBytes } = used;
  const limit = point.memoryBytes;
  const barRow = (name: string, value: number | undefined, allowed: number, format: Format, full = allowed) => [
    label(name),
    piece(`${format(value)} of ${format(allowed)} `.padEnd(18)),
    ...bar(value, { width: bars, full }, pen),
  ];
  const others = `load tool ${formatCores(used.loadToolCpu)}, origins ${formatCores(used.originCpu)}, else ${formatCores(used.otherCpu)} cores`;
  const stopped = used.throttledSeconds === undefined ? "" : `, ${formatDuration(used.throttledSeconds)}`;
  const [user, system] = ["userCpuMicrosPerRequest", "systemCpuMicrosPerRequest"].map((id) => figureOf(id).of(record));
  return [
    title,
    barRow("cpu", cpuAchieved, point.cpu, formatCores, Math.max(point.cpu, cpuAchieved ?? 0)),
    row(
      "throttled",
      used.throttledShare === undefined ? "-" : `${formatPercent(used.throttledShare)} of periods${stopped}`,
    ),
    row("cpu per request", formatFigure(used.cpuMicrosPerRequest, "µs") + atSpeed),
    ...(user === undefined ? [] : [row("user, system", `${formatFigure(user, "µs")}, ${formatFigure(system, "µs")}`)]),
    limit === undefined
      ? row("memory peak", formatBytes(memoryPeakBytes))
      : barRow("memory peak", memoryPeakBytes, limit, formatBytes),
    ...(used.oomKills ? [row("killed", `${used.oomKills} for memory`, "bad")] : []),
    ...rows("others", others, width),
  ];
}

function checks(record: TrialRecord, width: number, pen: Pen): Line[] {
  const { quality, result, originServed, originGap, directRequestsPerSecond, limitsInForce } = record;
  const gap =
    originServed === undefined || !result
      ? "not counted"
      : `${formatCount(originServed)} by the origins, ${formatCount(result.completedRequests)} by the tool`;
  const spread = quality?.halfWidth === undefined ? "" : `, ±${formatPercent(quality.halfWidth)} within the run`;
  const steady = quality ? `${quality.steady}${spread}, ended ${quality.ended}` : "-";
  const memory = limitsInForce?.memoryBytes === undefined ? "no memory limit" : formatBytes(limitsInForce.memoryBytes);
  return [
    pen.rule("why to believe it", width - 1),
    row("steady", steady, quality?.steady === "no" ? "warning" : "plain"),
    ...rows("served", gap, width),
    ...(originGap ? rows("gap", originGap, width) : []),
    ...speedFacts(record).flatMap(([name, fact]) => rows(name, fact, width)),
    ...(quality?.littleRatio === undefined ? [] : [row("Little's law", quality.littleRatio.toFixed(3))]),
    row("without proxy", `${formatRate(directRequestsPerSecond)} requests/s`),
    row("limits in force", limitsInForce ? `${formatCores(limitsInForce.cpu)} cpu, ${memory}` : "-"),
  ];
}

function conditions(record: TrialRecord, width: number, pen: Pen): Line[] {
  const { scenario, environment, deviations, freshProcess, startedAt, id, point } = record;
  const version = environment.versions[point.proxy];
  const connections = scenario.keepAlive ? "keep-alive" : "no keep-alive";
  const body = `${formatBytes(scenario.bodyBytes)} bodies`;
  return [
    pen.rule("made with", width - 1),
    ...rows("profile", [scenario.profile, ...protocolInWords(scenario), connections, body].join(", "), width),
    row("process", freshProcess ? "started for this trial" : "running already, limit changed"),
    row("versions", version ? `${point.proxy} ${version}` : "-"),
    row("machine", `${environment.cores} cores, ${environment.cpuModel}`),
    row("started", startedAt.replace("T", " ").replace(/\..*/, " UTC")),
    row("trial", id),
    ...rows("deviations", deviations.join("; ") || "none", width),
  ];
}

function label(text: string): Piece {
  return piece(`  ${text}`.padEnd(LABEL + 2), "faint");
}

function row(name: string, value: string, style: Piece["style"] = "plain"): Line {
  return [label(name), piece(value, style)];
}

/** A row whose value may take several lines. */
function rows(name: string, value: string, width: number): Line[] {
  return wrapWords(value, width - LABEL - 4).map((text, index) => row(index === 0 ? name : "", text));
}
