import type { TrialRecord } from "../../../core/domain/record.ts";
import { findFactor, type Guide, metricOf } from "../../../core/views/index.ts";
import { chart } from "../../charts/chart.ts";
import { chartInWords } from "../../charts/inWords.ts";
import { ends, over, page } from "../../text/layout.ts";
import { line, piece, type Size, type StyledLine } from "../../text/line.ts";
import { box } from "../../widgets/box.ts";
import { fieldLine } from "../../widgets/field.ts";
import { pickerLines } from "../../widgets/picker.ts";
import { segmentsLine } from "../../widgets/segments.ts";
import { tableLines, tableStatus } from "../../widgets/table/view.ts";
import { insteadOfTrials } from "../reading.ts";
import type { ViewProps } from "../screen.ts";
import { comparisonLines } from "./comparison.ts";
import {
  chartOf,
  comparisonOf,
  observationsOf,
  openTrial,
  scopeOf,
  shownTrials,
  sweepOf,
  trialsInWords,
} from "./data.ts";
import { arrangeObservations, observationRows, observationTable } from "./observations.ts";
import { entriesFor, PICKER_TITLES } from "./pickers.ts";
import { recordLines } from "./record.ts";
import type { ExploreState, ExploreView } from "./state.ts";
import { trialTable } from "./trialTable.ts";

const VIEWS: readonly ExploreView[] = ["chart", "table", "observations", "comparison"];
/** Lower pages have the chart without its table. */
const LOWEST_WITH_TABLE = 20;
const LOWEST_BELOW_RECORD = 12;
/** A chart of more is not drawn anew with each letter of a filter, but once the filter is typed. */
const MOST_DRAWN_WHILE_TYPING = 2000;

/** The screen, in exactly its size. */
export function exploreLines(props: ViewProps<ExploreState>): readonly StyledLine[] {
  const { columns, rows, theme } = props;
  const size = { width: columns, height: rows };
  const drawn = page(bodyLines(props), size, theme.ascii);
  return props.state.picker ? over(drawn, pickerBox(props), size, theme.ascii) : drawn;
}

function bodyLines(props: ViewProps<ExploreState>): readonly StyledLine[] {
  const { state, lab, columns, rows } = props;
  const instead = insteadOfTrials(lab, "Compose an experiment and run it: its trials appear here as they end.");
  if (instead) return instead;
  const record = openTrial(state, lab);
  if (record) return recordOverChart(props, record);
  const head = headLines(props);
  const size = { width: columns, height: rows - head.length };
  if (state.view === "observations") return [...head, ...observations(props, size)];
  if (state.view === "comparison") return [...head, ...comparison(props, size)];
  const waits = state.table.typing && scopeOf(state, lab).length > MOST_DRAWN_WHILE_TYPING;
  if (state.view === "table" || waits) return [...head, ...trials(props, size)];
  return [...head, ...chartOverTable(props, size)];
}

/** A trial's record, and where there is room the chart with the place of the trial. */
function recordOverChart(props: ViewProps<ExploreState>, record: TrialRecord): StyledLine[] {
  const { state, lab, columns, rows, theme } = props;
  const { at, rows: shown } = shownTrials(state, lab);
  const place = shown[at] === record ? `trial ${at + 1} of ${shown.length}` : "";
  const lines = recordLines(record, place, { width: columns, height: rows }, theme);
  const height = rows - lines.length - 2;
  if (height < LOWEST_BELOW_RECORD || props.screenReader) return lines;
  const drawn = chartOf(shown, state.figure, state.factor, state.lines);
  const [level, figure] = [findFactor(state.factor).read(record.point), metricOf(state.figure).read(record)];
  const guides: Guide[] = [
    ...(typeof level === "number" ? [{ axis: "x", at: level, label: "this trial" } as const] : []),
    ...(figure === undefined ? [] : [{ axis: "y", at: figure } as const]),
  ];
  return [...lines, [], ...chart({ ...drawn, guides }, { width: columns, height }, theme)];
}

/** What is looked at, and what it is drawn from. */
function headLines({ state, lab, columns, theme }: ViewProps<ExploreState>): StyledLine[] {
  const sweep = sweepOf(state, lab);
  const where = sweep === undefined ? "all trials" : `sweep ${sweep}`;
  const scope = piece(`${where}, ${trialsInWords(scopeOf(state, lab).length)} `, "faint");
  const views = segmentsLine(VIEWS, VIEWS.indexOf(state.view), columns, false, theme);
  return [ends([piece(" "), ...views], [scope], columns, theme.ascii), choices(state)];
}

/** The choices in force, each behind its key. */
function choices(state: ExploreState): StyledLine {
  const choice = (key: string, name: string, value: string) => [
    piece(`  ${key} `, "accent"),
    piece(`${name} `, "faint"),
    piece(value),
  ];
  const figure = choice("f", "figure", metricOf(state.figure).label);
  if (state.view === "observations" || state.view === "table") return [];
  const [first = "...", second = "..."] = state.sides;
  if (state.view === "comparison") return [...figure, ...choice("c", "of", `${first} and ${second}`)];
  const lines = state.lines?.map((name) => findFactor(name).label).join(", ");
  return [
    ...figure,
    ...choice("x", "against", findFactor(state.factor).label),
    ...choice("b", "by", lines || "what varies"),
  ];
}

function chartOverTable(props: ViewProps<ExploreState>, { width, height }: Size): StyledLine[] {
  const { state, lab, theme } = props;
  const drawn = chartOf(shownTrials(state, lab).rows, state.figure, state.factor, state.lines);
  if (props.screenReader)
    return [
      ...chartInWords(drawn, { width, height: Math.floor(height / 2) }),
      ...trials(props, { width, height: Math.ceil(height / 2) }),
    ];
  if (height < LOWEST_WITH_TABLE - 2)
    return [...chart(drawn, { width, height: height - 1 }, theme, { title: false }), status(props)];
  const tall = Math.min(height - 6, Math.max(13, Math.round(height * 0.62)));
  return [
    ...chart(drawn, { width, height: tall }, theme, { title: false }),
    ...trials(props, { width, height: height - tall }),
  ];
}

function status({ state, lab, columns, theme }: ViewProps<ExploreState>): StyledLine {
  return tableStatus(shownTrials(state, lab), scopeOf(state, lab).length, state.table, columns, theme);
}

/** The table of the trials under the line of its filter. */
function trials(props: ViewProps<ExploreState>, { width, height }: Size): StyledLine[] {
  const { state, lab, theme } = props;
  const table = tableLines(trialTable, shownTrials(state, lab), state.table, { width, height: height - 1 }, theme);
  return [status(props), ...table];
}

function observations({ state, lab, theme }: ViewProps<ExploreState>, { width, height }: Size): StyledLine[] {
  const shown = arrangeObservations(observationRows(observationsOf(scopeOf(state, lab))), state.observations);
  const legend = [
    line(
      " What a figure does when a factor rises and all else stays: + it rises, - it falls, 0 no change is shown,",
      "faint",
    ),
    line(` ? too few trials. ${theme.ascii ? "r" : "ρ"}: rank correlation, from -1 to 1; n: trials.`, "faint"),
  ];
  return [
    ...legend,
    [],
    ...tableLines(observationTable, shown, state.observations, { width, height: height - 3 }, theme),
  ];
}

function comparison({ state, lab, theme }: ViewProps<ExploreState>, size: Size): StyledLine[] {
  const found = comparisonOf(state, lab);
  const [first, second] = state.sides;
  if (!found || first === undefined || second === undefined)
    return [[], line("  c chooses what to compare: two proxies of a sweep, or two sweeps", "faint")];
  return [
    [],
    ...comparisonLines(found, metricOf(state.figure), [first, second], { ...size, height: size.height - 1 }, theme),
  ];
}

/** The open list in a frame, with what was typed to search it. */
function pickerBox({ state, lab, columns, rows, theme }: ViewProps<ExploreState>): StyledLine[] {
  const { purpose, state: picker } = state.picker!;
  const entries = entriesFor(purpose, state, lab);
  const width = Math.min(columns - 4, 68);
  const list = pickerLines(
    entries,
    picker,
    { width: width - 4, height: Math.max(1, Math.min(entries.length, rows - 6)) },
    true,
    theme,
  );
  const search = fieldLine(picker.search, { width: width - 4, focused: true }, theme);
  const hint = line("space checks, enter draws", "faint");
  return box(PICKER_TITLES[purpose], [picker.many ? hint : search, ...list], width, theme);
}
