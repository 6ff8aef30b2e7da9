import type { TrialRecord } from "../../../core/domain/record.ts";
import { type Chart, trialChart } from "../../../core/views/index.ts";
import { chart } from "../../charts/chart.ts";
import { heatMapLines } from "../../charts/heatMap.ts";
import { planLegend, planMap } from "../../charts/planMap.ts";
import { type RunState, recordInWords } from "../../store/runState.ts";
import { beside, rule } from "../../text/layout.ts";
import { line, piece, type Size, type StyledLine, widthOf } from "../../text/line.ts";
import type { Theme } from "../../theme.ts";
import { fieldLine } from "../../widgets/field.ts";
import { logLines } from "../../widgets/logTail.ts";
import type { ViewProps } from "../screen.ts";
import { nowHeight, nowLines } from "./now.ts";
import { type RunScreenState, seriesOf } from "./state.ts";

type Props = ViewProps<RunScreenState>;

const lowestChart = 10;
const widthOfTwo = 100;

/** The screen: the chart of what was measured, the trial in work, and the plan beside the log. */
export function runLines(props: Props): StyledLine[] {
  const { lab, columns: width, rows, theme, now } = props;
  const { run } = lab;
  const below = heightBelow(run, rows, width);
  const upper = rows - nowHeight - below;
  return [
    ...(props.screenReader ? inWords(run, upper) : chartLines(props, { width, height: upper })),
    ...nowLines(run, now, width, theme, !props.screenReader),
    ...lowerLines(props, { width, height: below }),
  ];
}

/** Plan and log get what the plan needs; at least the log has three lines, if the chart can spare them. */
function heightBelow({ planned, records, current }: RunState, rows: number, width: number): number {
  const proxies = new Set(
    [...planned, ...records.map(({ point }) => point), ...(current ? [current.point] : [])].map(({ cpu: _, ...rest }) =>
      JSON.stringify(rest),
    ),
  ).size;
  const wanted = width >= widthOfTwo ? Math.max(6, proxies + 4) : Math.max(6, proxies + 6);
  return Math.max(0, Math.min(wanted, Math.floor(rows / 2), rows - nowHeight - lowestChart));
}

function chartLines({ state, lab, theme }: Props, size: Size): StyledLine[] {
  const { records, spec } = lab.run;
  if (records.length === 0) return [line(" no trial has ended yet", "faint"), ...blank(size.height - 1)];
  const drawn = chart(chartOf(records, state.figure, seriesOf(spec)), size, theme);
  return drawn;
}

const charts = new WeakMap<readonly TrialRecord[], { key: string; chart: Chart }>();

/** The chart of records; made anew only when there are others, since it is drawn several times a second. */
function chartOf(records: readonly TrialRecord[], y: string, by: ReturnType<typeof seriesOf>): Chart {
  const key = `${y} ${by.join()}`;
  const known = charts.get(records);
  if (known?.key === key) return known.chart;
  const made = trialChart(records, { x: "cpu", y, by });
  charts.set(records, { key, chart: made });
  return made;
}

function lowerLines({ state, lab, theme, screenReader }: Props, { width, height }: Size): StyledLine[] {
  if (state.budget) return budgetLines(state.budget, { width, height }, theme);
  if (height < 2) return blank(height);
  const { run } = lab;
  if (screenReader) return logLines(run.log, state.logOffset, { width, height }, theme);
  if (width < widthOfTwo) {
    const plan = [
      run.planned.length + run.records.length > 0 ? rule("plan", width, theme.ascii) : [],
      ...planLines(run, { width, height: Math.max(1, height - 4) }, theme),
    ];
    const log = [
      rule("log", width, theme.ascii),
      ...logLines(run.log, state.logOffset, { width, height: height - plan.length - 1 }, theme),
    ];
    return [...plan, ...log].slice(0, height);
  }
  const half = Math.floor(width * 0.45);
  const left = [rule("plan", half, theme.ascii), ...planLines(run, { width: half - 1, height: height - 1 }, theme)];
  const right = [
    rule("log", width - half, theme.ascii),
    ...logLines(run.log, state.logOffset, { width: width - half, height: height - 1 }, theme),
  ];
  return beside(
    [
      { lines: left, width: half },
      { lines: right, width: width - half },
    ],
    theme.ascii,
  );
}

function planLines({ planned, records, current }: RunState, { width, height }: Size, theme: Theme): StyledLine[] {
  if (planned.length + records.length === 0) return [];
  const map = heatMapLines(
    planMap({ planned, records, current: current?.point }, theme),
    { width, height: height - 1 },
    theme,
  );
  return [...map, ...legend(width, theme)].slice(0, height);
}

/** What the signs of the plan mean, in as many lines as that takes. */
function legend(width: number, theme: Theme): StyledLine[] {
  const lines: StyledLine[] = [];
  for (const [sign, meaning] of planLegend(theme)) {
    const entry = [piece(" "), sign, piece(` ${meaning} `, "faint")];
    const last = lines.at(-1);
    if (last && widthOf([...last, ...entry]) <= width) lines[lines.length - 1] = [...last, ...entry];
    else lines.push(entry);
  }
  return lines;
}

function budgetLines(
  budget: NonNullable<RunScreenState["budget"]>,
  { width, height }: Size,
  theme: Theme,
): StyledLine[] {
  return [
    rule("time budget", width, theme.ascii),
    [piece(" begin no further trial after ", "accent"), ...fieldLine(budget, { width: 20, focused: true }, theme)],
    line(
      " from the start of the sweep, pauses not counted: 10m; empty: no budget. enter sets it, esc does not",
      "faint",
    ),
    ...blank(height - 3),
  ].slice(0, Math.max(3, height));
}

/** The newest trials, a line each. */
function inWords({ records }: RunState, height: number): StyledLine[] {
  return records.slice(-Math.max(1, height)).map((record) => line(recordInWords(record)));
}

function blank(count: number): StyledLine[] {
  return Array.from({ length: Math.max(0, count) }, () => []);
}
