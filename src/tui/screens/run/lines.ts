import { type HeatMap, heatMapLines } from "../../../core/cells/heatMap.ts";
import { type Line, line, piece, type Size, widthOf } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { FACTORS } from "../../../core/domain/factors.ts";
import type { SweepSpec } from "../../../core/domain/spec.ts";
import { bandInWords } from "../../../core/words/rounds.ts";
import { bandLegend, bandMap } from "../../charts/bandMap.ts";
import { chart } from "../../charts/chart.ts";
import { planLegend, planMap, type SignMeaning } from "../../charts/planMap.ts";
import { isInRounds } from "../../store/rounds.ts";
import { trialLine } from "../../store/runLog.ts";
import type { RunState } from "../../store/runState.ts";
import { twoColumns } from "../../widgets/columns.ts";
import { fieldLine, type TextField } from "../../widgets/field.ts";
import { logLines } from "../../widgets/logTail.ts";
import { remember } from "../remember.ts";
import type { ViewProps } from "../screen.ts";
import { nowHeight, nowLines } from "./now.ts";
import { bandsIn, chartOfRun, neverCompleted, shownRecords, wantedIn } from "./rounds.ts";
import type { RunScreenState } from "./state.ts";

type Props = ViewProps<RunScreenState>;

const lowestChart = 10;
/** Columns that the name of a row of the plan takes, and a figure in it, most often. */
const [rowNameWidth, figureWidth] = [14, 7];
const budgetHelp =
  "from the start of the sweep, pauses not counted: 10m; empty: no budget. enter sets it, esc does not";

/** The screen: the chart of what was measured, the trial in work, and the plan beside the log. */
export function runLines(props: Props): Line[] {
  const { lab, width, height, pen, now } = props;
  const { run } = lab;
  const below = heightBelow(run, height, width);
  const upper = { width, height: height - nowHeight - below };
  return [
    ...(props.screenReader ? inWords(run, upper.height) : pen.page(chartLines(props, upper), upper)),
    ...nowLines(run, now, width, pen, !props.screenReader),
    ...lowerLines(props, { width, height: below }),
  ];
}

/** Plan and log get what the plan needs; at least the log has three lines, if the chart can spare them. */
function heightBelow(run: RunState, rows: number, width: number): number {
  const { planned, records, current } = run;
  const points = isInRounds(run)
    ? planned
    : [...planned, ...[...records, ...(current ? [current] : [])].map(({ point }) => point)];
  const proxies = new Set(points.map(({ cpu: _, ...rest }) => JSON.stringify(rest))).size;
  const wanted = Math.max(6, proxies + (twoColumns(width) ? 4 : 6));
  return Math.max(0, Math.min(wanted, Math.floor(rows / 2), rows - nowHeight - lowestChart));
}

function chartLines({ state, lab, pen }: Props, size: Size): Line[] {
  const { run } = lab;
  if (run.records.length === 0) return [line(" no trial has ended yet", "faint")];
  return chart(chartOfRun(shownRecords(run), isInRounds(run), state.figure, queryOf(run.spec)), size, pen);
}

/** CPU across, of several offered rates these, and a line for each combination of whatever else varies. */
const queryOf = remember((spec: SweepSpec | undefined) => {
  const x = spec && spec.requestsPerSecond.length > 1 ? "rate" : "cpu";
  const varied = spec ? FACTORS.filter(({ id, levels }) => id !== x && levels(spec).length > 1) : [];
  return { x, by: [...new Set(["proxy", ...varied.map(({ id }) => id)] as const)] } as const;
});

function lowerLines({ state, lab, pen, screenReader }: Props, { width, height }: Size): Line[] {
  if (state.budget) return budgetLines(state.budget, width, pen);
  const { run } = lab;
  const logOf = (size: Size) => logLines(run.log, state.logOffset, size, pen);
  if (height < 2) return [];
  if (screenReader) return logOf({ width, height });
  const two = twoColumns(width, planShare(run, width));
  if (!two) {
    const title = run.planned.length + run.records.length > 0 ? pen.rule(planTitle(run), width) : [];
    const plan = [title, ...planLines(run, { width, height: Math.max(1, height - 4) }, pen)];
    return [...plan, pen.rule("log", width), ...logOf({ width, height: height - plan.length - 1 })].slice(0, height);
  }
  const [left, right] = two;
  const plan = [pen.rule(planTitle(run), left), ...planLines(run, { width: left - 1, height: height - 1 }, pen)];
  const log = [pen.rule("log", right), ...logOf({ width: right, height: height - 1 })];
  return pen.beside([plan, left], [log, right]);
}

/** Part of the width that the plan gets; in rounds as much as its figures need, if they leave enough for the log. */
function planShare(run: RunState, width: number): number {
  const figures = isInRounds(run) ? new Set(run.planned.map(({ cpu }) => cpu)).size : 0;
  return Math.min(0.65, Math.max(0.45, (rowNameWidth + figures * figureWidth) / width));
}

function planTitle(run: RunState): string {
  return isInRounds(run) ? "half-width of the bands, in %" : "plan";
}

function planLines(run: RunState, { width, height }: Size, pen: Pen): Line[] {
  const { planned, records, current } = run;
  if (planned.length + records.length === 0) return [];
  const inRounds = isInRounds(run);
  const progress = inRounds ? mapOfRounds(run, pen) : planMap({ planned, records, current: current?.point }, pen);
  const map = heatMapLines(progress, { width, height: height - 1 }, pen);
  return [...map, ...legend(inRounds ? bandLegend(pen) : planLegend(pen), width)].slice(0, height);
}

function mapOfRounds(run: RunState, pen: Pen): HeatMap {
  const { planned, current } = run;
  const failed = neverCompleted(shownRecords(run));
  return bandMap({ planned, bands: bandsIn(run), wanted: wantedIn(run), failed, current: current?.point }, pen);
}

/** What signs mean, in as many lines as that takes. */
function legend(signs: readonly SignMeaning[], width: number): Line[] {
  const lines: Line[] = [];
  for (const [sign, meaning] of signs) {
    const entry = [piece(" "), sign, piece(` ${meaning} `, "faint")];
    const last = lines.at(-1);
    if (last && widthOf([...last, ...entry]) <= width) lines[lines.length - 1] = [...last, ...entry];
    else lines.push(entry);
  }
  return lines;
}

function budgetLines(budget: TextField, width: number, pen: Pen): Line[] {
  return [
    pen.rule("time budget", width),
    [piece(" begin no further trial after ", "accent"), ...fieldLine(budget, { width: 20, focused: true }, pen)],
    line(` ${budgetHelp}`, "faint"),
  ];
}

/** The bands so far, or the newest trials, a line each. */
function inWords(run: RunState, height: number): Line[] {
  const bands = bandsIn(run);
  if (bands.length > 0) return bands.slice(0, Math.max(1, height)).map((band) => line(bandInWords(band)));
  const { records } = run;
  return records.slice(-Math.max(1, height)).map((record) => line(trialLine(record)));
}
