import { cleanText } from "../../../core/cells/text.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import {
  FACTORS,
  formatBytes,
  formatCores,
  formatCount,
  formatDuration,
  formatFigure,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../../../core/views/index.ts";
import { LATENCY_WORDS } from "../../../core/views/series.ts";
import { bar } from "../../charts/bar.ts";
import { sparklineWithRange } from "../../charts/sparkline.ts";
import { beside, ends, rule } from "../../text/layout.ts";
import { fitLine, line, type Piece, piece, type Size, type StyledLine } from "../../text/line.ts";
import { wrapped } from "../../text/wrap.ts";
import type { Theme } from "../../theme.ts";
import { verdictOf, verdictStyle } from "./trialTable.ts";

const TWO_COLUMNS = 100;
const LABEL = 16;

/** A trial's record in words: what it measured, what held it down and why that is believed. `place`: of it in the table. */
export function recordLines(record: TrialRecord, place: string, { width, height }: Size, theme: Theme): StyledLine[] {
  const half = width >= TWO_COLUMNS ? Math.floor(width / 2) : width;
  const parts = [
    figures(record, half, theme),
    usage(record, half, theme),
    checks(record, half, theme),
    conditions(record, half, theme),
  ];
  const body =
    half === width
      ? parts.flat()
      : beside(
          [
            { lines: [...parts[0]!, ...parts[2]!], width: half },
            { lines: [...parts[1]!, ...parts[3]!], width: width - half },
          ],
          theme.ascii,
        );
  const all = [...head(record, place, width, theme), ...body];
  return all.slice(0, Math.max(0, height)).map((pieces) => fitLine(pieces, width, theme.ascii));
}

function head(record: TrialRecord, place: string, width: number, theme: Theme): StyledLine[] {
  const { point, verdict, error, reason } = record;
  const levels = FACTORS.filter(({ name }) => name !== "proxy" && name !== "role").map(({ describe }) =>
    describe(point),
  );
  const why = error ? error.message : (verdict?.evidence ?? "");
  const evidence = cleanText(why, theme.ascii);
  const chosen = reason === undefined ? [] : [line(` chosen: ${cleanText(reason, theme.ascii)}`, "faint")];
  return [
    ends(
      [piece(` ${point.proxy}`, "title"), piece(` ${levels.join(", ")}`)],
      [piece(`${place} `, "faint")],
      width,
      theme.ascii,
    ),
    [piece(` ${verdictOf(record)}`, verdictStyle(record))],
    ...wrapped(evidence, width - 4).map((text) => line(`   ${text}`)),
    ...chosen,
  ];
}

function figures({ result, quality }: TrialRecord, width: number, theme: Theme): StyledLine[] {
  const title = rule("measured", width - 1, theme.ascii);
  if (!result) return [title, line("  nothing", "faint")];
  const { latencyMs, failures, offeredRequestsPerSecond } = result;
  const failed = Object.entries(failures).flatMap(([kind, count]) => (count ? [`${count} ${kind}`] : []));
  const percentiles = (["p50", "p90", "p99", "max"] as const).flatMap((name) =>
    latencyMs[name] === undefined ? [] : [`${name} ${formatMilliseconds(latencyMs[name])}`],
  );
  const series = quality?.series;
  return [
    title,
    row(
      "requests/s",
      `${formatRate(result.requestsPerSecond)}${offeredRequestsPerSecond === undefined ? "" : ` of ${formatRate(offeredRequestsPerSecond)} asked for`}`,
    ),
    ...(series
      ? [
          [
            label("over time"),
            ...sparklineWithRange(
              series.requestsPerSecond,
              "requests/s",
              { width: Math.min(60, width - LABEL - 3) },
              theme,
            ),
          ],
        ]
      : []),
    row("completed", `${formatCount(result.completedRequests)} in ${formatDuration(result.durationSeconds)}`),
    row(
      "failed",
      `${formatCount(result.failedRequests)}${failed.length > 0 ? ` (${failed.join(", ")})` : ""}`,
      result.failedRequests > 0 ? "bad" : "plain",
    ),
    ...rows("latency", `${percentiles.join(", ") || "no percentiles"} (${LATENCY_WORDS[result.latencyKind]})`, width),
    ...(result.transferredBytes === undefined ? [] : [row("transferred", formatBytes(result.transferredBytes))]),
  ];
}

function usage({ usage: used, point }: TrialRecord, width: number, theme: Theme): StyledLine[] {
  const title = rule("used", width - 1, theme.ascii);
  if (!used) return [title, line("  not known", "faint")];
  const bars = Math.max(6, Math.min(24, width - LABEL - 26));
  const { cpuAchieved, memoryPeakBytes } = used;
  const limit = point.memoryBytes;
  return [
    title,
    [
      label("cpu"),
      piece(`${formatCores(cpuAchieved)} of ${formatCores(point.cpu)} `.padEnd(18)),
      ...bar(cpuAchieved, { width: bars, full: Math.max(point.cpu, cpuAchieved ?? 0) }, theme),
    ],
    row("throttled", used.throttledShare === undefined ? "-" : `${formatPercent(used.throttledShare)} of periods`),
    row("cpu per request", formatFigure(used.cpuMicrosPerRequest, "µs")),
    [
      label("memory peak"),
      piece(`${formatBytes(memoryPeakBytes)}${limit === undefined ? "" : ` of ${formatBytes(limit)}`} `.padEnd(18)),
      ...(limit === undefined ? [] : bar(memoryPeakBytes, { width: bars, full: limit }, theme)),
    ],
    ...(used.oomKills ? [row("killed", `${used.oomKills} for memory`, "bad")] : []),
    ...rows(
      "others",
      `load tool ${formatCores(used.loadToolCpu)}, origins ${formatCores(used.originCpu)}, else ${formatCores(used.otherCpu)} cores`,
      width,
    ),
  ];
}

function checks(record: TrialRecord, width: number, theme: Theme): StyledLine[] {
  const { quality, result, originServed, originGap, directRequestsPerSecond, limitsInForce } = record;
  const gap =
    originServed === undefined || !result
      ? "not counted"
      : `${formatCount(originServed)} by the origins, ${formatCount(result.completedRequests)} by the tool`;
  const steady = quality
    ? `${quality.steady}${quality.halfWidth === undefined ? "" : `, ±${formatPercent(quality.halfWidth)} within the run`}, ended ${quality.ended}`
    : "-";
  return [
    rule("why to believe it", width - 1, theme.ascii),
    row("steady", cleanText(steady, theme.ascii), quality?.steady === "no" ? "warning" : "plain"),
    ...rows("served", gap, width),
    ...(originGap ? rows("gap", cleanText(originGap, theme.ascii), width) : []),
    ...(quality?.littleRatio === undefined ? [] : [row("Little's law", quality.littleRatio.toFixed(3))]),
    row("without proxy", `${formatRate(directRequestsPerSecond)} requests/s`),
    row(
      "limits in force",
      limitsInForce
        ? `${formatCores(limitsInForce.cpu)} cpu, ${limitsInForce.memoryBytes === undefined ? "no memory limit" : formatBytes(limitsInForce.memoryBytes)}`
        : "-",
    ),
  ];
}

function conditions(record: TrialRecord, width: number, theme: Theme): StyledLine[] {
  const { scenario, environment, deviations, freshProcess, startedAt, id, point } = record;
  const version = environment.versions[point.proxy];
  const lines = [
    rule("made with", width - 1, theme.ascii),
    row(
      "profile",
      `${scenario.profile}, ${scenario.keepAlive ? "keep-alive" : "no keep-alive"}, ${formatBytes(scenario.bodyBytes)} bodies`,
    ),
    row("process", freshProcess ? "started for this trial" : "running already, limit changed"),
    row("versions", cleanText(version ? `${point.proxy} ${version}` : "-", theme.ascii)),
    row("machine", cleanText(`${environment.cores} cores, ${environment.cpuModel}`, theme.ascii)),
    row("started", startedAt.replace("T", " ").replace(/\..*/, " UTC")),
    row("trial", id),
  ];
  return [...lines, ...rows("deviations", cleanText(deviations.join("; ") || "none", theme.ascii), width)];
}

function label(text: string): Piece {
  return piece(`  ${text}`.padEnd(LABEL + 2), "faint");
}

function row(name: string, value: string, style: Piece["style"] = "plain"): StyledLine {
  return [label(name), piece(value, style)];
}

/** A row whose value may take several lines. */
function rows(name: string, value: string, width: number): StyledLine[] {
  return wrapped(value, width - LABEL - 4).map((text, index) => row(index === 0 ? name : "", text));
}
