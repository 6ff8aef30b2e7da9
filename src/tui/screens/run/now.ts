import { type Line, line, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { formatBytes, formatCores, formatCount, formatDuration, formatPercent } from "../../../core/domain/format.ts";
import { preparingLine } from "../../../core/words/preparingLine.ts";
import { roundsEndInWords } from "../../../core/words/rounds.ts";
import { limitsInWords, placeInWords, pointInWords } from "../../../core/words/trials.ts";
import { bar } from "../../charts/bar.ts";
import { sparkline } from "../../charts/sparkline.ts";
import { hasVisits, isInRounds } from "../../store/rounds.ts";
import type { CurrentTrial, LiveSample, RunState } from "../../store/runState.ts";
import { roundLines, roundProgress } from "./roundNow.ts";
import { lastRoundOf } from "./rounds.ts";

/** Lines of the trial in work: a rule, and two under it. */
export const nowHeight = 3;
/** Of them, parts of a second that a trial's CPU figures are smoothed over. */
const recent = 5;
const LABEL = 9;

/** What goes on right now; `drawn`: with a sparkline and bars. */
export function nowLines(run: RunState, now: number, width: number, pen: Pen, drawn: boolean): Line[] {
  const titles = titlesOf(run);
  const roomBeside = (text: string) => width - text.length - 10;
  const progresses = progressOf(run, now);
  const shortest = titles.at(-1)!.length;
  const progress = progresses.find((one) => shortest <= roomBeside(one)) ?? progresses.at(-1)!;
  // The longest that leaves room for the progress, which matters more.
  const title = titles.find((one) => one.length <= roomBeside(progress)) ?? "";
  return [pen.rule(title, width, progress), ...bodyOf(run, width, pen, drawn)];
}

function bodyOf(run: RunState, width: number, pen: Pen, drawn: boolean): Line[] {
  const { preparing, problem, phase, current } = run;
  if (problem) return [line(` ${pen.glyphs.problem} ${problem.message}`, "bad"), line(`   ${problem.help ?? ""}`)];
  if (preparing) return [line(` ${preparingLine(preparing, { width: width - 2, ascii: pen.ascii })}`), []];
  if (current) return trialLines(current, run, width, pen, drawn);
  return [line(` ${idle(run)}`, phase === "paused" ? "warning" : "faint"), []];
}

function idle(run: RunState): string {
  const { how, phase, records, spec, status } = run;
  const told = lastRoundOf(run);
  if (how === "none") return "Nothing was run yet. The screen Compose (1) puts a sweep together.";
  if (phase === "starting") return "looking for what the sweep needs ...";
  if (phase === "paused") return "paused; space goes on";
  if (phase === "stopping") return "stopping ...";
  if (phase === "ended" && spec && told) return roundsEndInWords(spec, { ...told, interrupted: status !== "finished" });
  if (phase === "ended") return `${records.length} trials; Explore shows them, Predict answers from them`;
  return how === "followed" ? "run by another process; its trials are shown as they are stored" : "";
}

/** What goes on, the longest text first. */
function titlesOf({ current, how, phase, status, sweepId }: RunState): string[] {
  if (current) {
    const { point } = current;
    return [pointInWords(point), limitsInWords(point), placeInWords(point)].map((text) => `now: ${text}`);
  }
  if (how === "none") return ["no sweep"];
  if (phase === "ended") return [`sweep ${sweepId ?? ""} ${status ?? "not run"}`, status ?? "not run"];
  return how === "followed" ? [`following sweep ${sweepId}`, "following"] : [phase];
}

/** `trial 14 of ~24, 41 s in, 2 m 50 s left`; where there are several texts the longest first. */
function progressOf(run: RunState, now: number): string[] {
  const { records, remainingTrials, startedAt, endedAt, endsAt, phase, how, spec } = run;
  if (how === "none" || startedAt === undefined) return [""];
  const until = endedAt === undefined ? now : Date.parse(endedAt);
  const elapsed = formatDuration(Math.max(0, (until - Date.parse(startedAt)) / 1000));
  const seconds = endsAt && Math.max(1, Math.round((Date.parse(endsAt) - now) / 1000));
  const secondsLeft = seconds && phase === "running" ? seconds : undefined;
  if (isInRounds(run)) return roundProgress(run, elapsed, secondsLeft);
  const total = records.length + remainingTrials;
  if (phase === "ended") return [how === "own" ? `${records.length} trials in ${elapsed}` : `${records.length} trials`];
  const of = `${spec?.plan === "adaptive" ? "~" : ""}${total}`;
  const left = secondsLeft === undefined ? "" : `, ${formatDuration(secondsLeft)} left`;
  return [
    `${phase === "running" ? "" : `${phase}, `}trial ${Math.min(total, records.length + 1)} of ${of}, ${elapsed} in${left}`,
  ];
}

/** Rate over time, or how precise the bands are; throttled share, memory against its limit. */
function trialLines({ samples, point }: CurrentTrial, run: RunState, width: number, pen: Pen, drawn: boolean): Line[] {
  const inRounds = isInRounds(run);
  const last = samples.at(-1);
  if (!last && !hasVisits(run)) return [line(" the proxy is started, its limit is set", "faint"), []];
  const half = Math.floor(width / 2);
  const [onLeft, onRight] = drawn ? [half - LABEL, width - half - LABEL] : [0, 0];
  const labelled = (label: string, pieces: Line): Line => [pen.cell(` ${label}`, LABEL, "faint"), ...pieces];
  const loaded = () => [
    labelled("rate", rateOf(samples, onLeft, pen)),
    labelled(last?.phase ?? "", line(`${formatDuration(last?.seconds)} of load`, "faint")),
  ];
  const left = inRounds ? roundLines(run, onLeft, labelled, pen) : loaded();
  const right = [
    labelled("cpu", cpuOf(samples, point.cpu, onRight, pen)),
    labelled("memory", memoryOf(samples, point.memoryBytes, onRight, pen)),
  ];
  return pen.beside([left, half], [right, width - half]);
}

function rateOf(samples: readonly LiveSample[], width: number, pen: Pen): Line {
  const rates = samples.map(({ requestsPerSecond }) => requestsPerSecond);
  const last = rates.findLast((rate) => rate !== undefined);
  const text = last === undefined ? "-" : `${formatCount(last)}/s`;
  const room = Math.min(60, Math.max(0, width - 12));
  const drawn = sparkline(rates.slice(-room), { width: room, from: 0 }, pen);
  return [pen.cell(text, 10, "plain", "right"), piece(" "), piece(drawn, "accent")];
}

function cpuOf(samples: readonly LiveSample[], limit: number, width: number, pen: Pen): Line {
  const used = meanOf(samples.map(({ cpuAchieved }) => cpuAchieved));
  const throttled = meanOf(samples.map(({ throttledShare }) => throttledShare));
  const figure = `${formatCores(used)} of ${formatCores(limit)}`;
  const share = throttled === undefined ? "" : ` throttled ${formatPercent(throttled)}`;
  const room = Math.min(30, width - 14 - share.length);
  const drawn = room >= 4 ? bar(used, { width: room, full: limit }, pen) : [];
  const style = throttled !== undefined && throttled > 0.5 ? "warning" : "faint";
  return [pen.cell(figure, 14), ...drawn, piece(share, style)];
}

function memoryOf(samples: readonly LiveSample[], limit: number | undefined, width: number, pen: Pen): Line {
  const figures = samples.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const now = figures.at(-1);
  if (limit === undefined) return [piece(`${formatBytes(now)} `), piece("without a limit", "faint")];
  const text = `${formatBytes(now)} of ${formatBytes(limit)} `;
  const room = Math.min(30, width - text.length);
  return [piece(text), ...(room >= 4 ? bar(now, { width: room, full: limit, mark: Math.max(...figures) }, pen) : [])];
}

function meanOf(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.slice(-recent).filter((figure) => figure !== undefined);
  return known.length > 0 ? known.reduce((sum, figure) => sum + figure, 0) / known.length : undefined;
}
