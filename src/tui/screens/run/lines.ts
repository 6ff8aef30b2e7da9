import { heatMapLines } from "../../../core/cells/heatMap.ts";
import { type Line, line, piece, type Size, widthOf } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { FACTORS } from "../../../core/domain/factors.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import type { SweepSpec } from "../../../core/domain/spec.ts";
import { trialChart } from "../../../core/views/trialChart.ts";
import { chart } from "../../charts/chart.ts";
import { planLegend, planMap } from "../../charts/planMap.ts";
import { type RunState, trialLine } from "../../store/runState.ts";
import { twoColumns } from "../../widgets/columns.ts";
import { fieldLine, type TextField } from "../../widgets/field.ts";
import { logLines } from "../../widgets/logTail.ts";
import { remember } from "../remember.ts";
import type { ViewProps } from "../screen.ts";
import { nowHeight, nowLines } from "./now.ts";
import type { RunScreenState } from "./state.ts";

type Props = ViewProps<RunScreenState>;

const lowestChart = 10;
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
function heightBelow({ planned, records, current }: RunState, rows: number, width: number): number {
  const points = [...planned, ...[...records, ...(current ? [current] : [])].map(({ point }) => point)];
  const proxies = new Set(points.map(({ cpu: _, ...rest }) => JSON.stringify(rest))).size;
  const wanted = Math.max(6, proxies + (twoColumns(width) ? 4 : 6));
  return Math.max(0, Math.min(wanted, Math.floor(rows / 2), rows - nowHeight - lowestChart));
}

function chartLines({ state, lab, pen }: Props, size: Size): Line[] {
  const { records, spec } = lab.run;
  if (records.length === 0) return [line(" no trial has ended yet", "faint")];
  return chart(chartOfRun(records, state.figure, spec), size, pen);
}

/** The chart of records; it is drawn several times a second, and has to be made only when there are others. */
const chartOfRun = remember((records: readonly TrialRecord[], y: string, spec: SweepSpec | undefined) => {
  const varied = spec ? FACTORS.filter(({ id, levels }) => id !== "cpu" && levels(spec).length > 1) : [];
  return trialChart(records, { x: "cpu", y, by: [...new Set(["proxy", ...varied.map(({ id }) => id)] as const)] });
});

function lowerLines({ state, lab, pen, screenReader }: Props, { width, height }: Size): Line[] {
  if (state.budget) return budgetLines(state.budget, width, pen);
  const { run } = lab;
  const logOf = (size: Size) => logLines(run.log, state.logOffset, size, pen);
  if (height < 2) return [];
  if (screenReader) return logOf({ width, height });
  const two = twoColumns(width, 0.45);
  if (!two) {
    const title = run.planned.length + run.records.length > 0 ? pen.rule("plan", width) : [];
    const plan = [title, ...planLines(run, { width, height: Math.max(1, height - 4) }, pen)];
    return [...plan, pen.rule("log", width), ...logOf({ width, height: height - plan.length - 1 })].slice(0, height);
  }
  const [left, right] = two;
  const plan = [pen.rule("plan", left), ...planLines(run, { width: left - 1, height: height - 1 }, pen)];
  const log = [pen.rule("log", right), ...logOf({ width: right, height: height - 1 })];
  return pen.beside([plan, left], [log, right]);
}

function planLines({ planned, records, current }: RunState, { width, height }: Size, pen: Pen): Line[] {
  if (planned.length + records.length === 0) return [];
  const progress = planMap({ planned, records, current: current?.point }, pen);
  const map = heatMapLines(progress, { width, height: height - 1 }, pen);
  return [...map, ...legend(width, pen)].slice(0, height);
}

/** What the signs of the plan mean, in as many lines as that takes. */
function legend(width: number, pen: Pen): Line[] {
  const lines: Line[] = [];
  for (const [sign, meaning] of planLegend(pen)) {
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

/** The newest trials, a line each. */
function inWords({ records }: RunState, height: number): Line[] {
  return records.slice(-Math.max(1, height)).map((record) => line(trialLine(record)));
}
