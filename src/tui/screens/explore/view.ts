import type { Guide } from "../../../core/cells/chartData.ts";
import { BLANK, type Line, line, piece, type Size } from "../../../core/cells/line.ts";
import { findFactor } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import { plural } from "../../../core/domain/format.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import type { SpeedBasis } from "../../../core/statistics/trials/speeds.ts";
import { rateMapLines } from "../../../core/views/rateMap.ts";
import { speedInWords } from "../../../core/words/speed.ts";
import { chart } from "../../charts/chart.ts";
import { chartInWords, mapInWords } from "../../charts/inWords.ts";
import { fieldLine } from "../../widgets/field.ts";
import { pickerLines } from "../../widgets/picker.ts";
import { choiceLine, segmentsLine } from "../../widgets/segments.ts";
import { tableLines, tableStatus } from "../../widgets/table/view.ts";
import { insteadOfTrials } from "../reading.ts";
import type { ViewProps } from "../screen.ts";
import { comparisonLines } from "./comparison.ts";
import {
  exploredChart,
  exploredMaps,
  openTrial,
  scopeOf,
  shownObservations,
  shownTrials,
  sidesCompared,
  speedOf,
  sweepOf,
} from "./data.ts";
import { entriesFor, PICKER_TITLES } from "./pickers.ts";
import { recordLines } from "./record.ts";
import type { ExploreState, ExploreView } from "./state.ts";
import { observationTableKind, trialTableKind } from "./tables.ts";

const VIEWS: readonly ExploreView[] = ["chart", "map", "table", "observations", "comparison"];
/** Lower pages have the chart without its table. */
const LOWEST_WITH_TABLE = 20;
const LOWEST_BELOW_RECORD = 12;
/** Lines of the table below maps, with the line of its filter and its head. */
const FEWEST_OF_TABLE = 6;
/** A chart of more is not drawn anew with each letter of a filter, but once the filter is typed. */
const MOST_DRAWN_WHILE_TYPING = 2000;

const OBSERVATION_LEGEND: readonly Line[] = [
  " What a figure does when a factor rises and all else stays: + it rises, - it falls, 0 no change is shown,",
  " ? too few trials. ρ: rank correlation, from -1 to 1; n: trials.",
  "",
].map((text) => line(text, "faint"));

/** The screen, without the list that may lie over it. */
export function exploreLines(props: ViewProps<ExploreState>): readonly Line[] {
  const { state, lab, width, height } = props;
  const instead = insteadOfTrials(lab, "Compose an experiment and run it: its trials appear here as they end.");
  if (instead) return instead;
  const record = openTrial(state, lab);
  if (record) return recordOverChart(props, record);
  const head = headLines(props);
  const size = { width, height: height - head.length };
  if (state.view === "observations") return [...head, ...observations(props, size)];
  if (state.view === "comparison") return [...head, ...comparison(props)];
  const waits = state.table.typing && scopeOf(state, lab).length > MOST_DRAWN_WHILE_TYPING;
  if (state.view === "table" || waits) return [...head, ...trials(props, size)];
  if (state.view === "map") return [...head, ...mapsOverTable(props, size)];
  return [...head, ...chartOverTable(props, size)];
}

/** A trial's record, and where there is room the chart with the place of the trial. */
function recordOverChart(props: ViewProps<ExploreState>, record: TrialRecord): Line[] {
  const { state, lab, width, pen } = props;
  const { at, rows: shown } = shownTrials(state, lab);
  const drawn = shown[at]?.id === record.id ? shown[at]! : record;
  const place = shown[at]?.id === record.id ? `trial ${at + 1} of ${shown.length}` : "";
  const lines = recordLines(record, place, width, pen);
  const height = props.height - lines.length - 2;
  if (height < LOWEST_BELOW_RECORD || props.screenReader) return lines;
  const [level, figure] = [findFactor(state.factor).read(record.point), figureOf(state.figure).of(drawn)];
  const guides: Guide[] = [
    ...(typeof level === "number" ? [{ axis: "x", at: level, label: "this trial" } as const] : []),
    ...(figure === undefined ? [] : [{ axis: "y", at: figure } as const]),
  ];
  return [...lines, [], ...chart({ ...exploredChart(state, lab), guides }, { width, height }, pen)];
}

/** What is looked at, and what it is drawn from. */
function headLines({ state, lab, width, pen }: ViewProps<ExploreState>): Line[] {
  const sweep = sweepOf(state, lab);
  const where = sweep === undefined ? "all trials" : `sweep ${sweep}`;
  const scope = piece(`${where}, ${plural(scopeOf(state, lab).length, "trial")} `, "faint");
  const possible = VIEWS.filter((view) => view !== "map" || state.view === view || exploredMaps(state, lab).length > 0);
  const views = segmentsLine(possible, possible.indexOf(state.view), width, false, pen);
  return [pen.ends([piece(" "), ...views], [scope], width), choices(state, speedOf(state, lab))];
}

/** The choices in force, each behind its key. */
function choices(state: ExploreState, speed: SpeedBasis | undefined): Line {
  const choice = (key: string, name: string, value: string) => choiceLine(key, name, line(value));
  const figure = choice("f", "figure", figureOf(state.figure).label);
  // The chart says the rest of it below.
  const at = speed ? choice("r", "figures", state.view === "chart" ? speed.figures : speedInWords(speed)) : [];
  if (state.view === "observations" || state.view === "table") return at;
  const [first = "...", second = "..."] = state.sides;
  if (state.view === "map") return [...figure, ...at];
  if (state.view === "comparison") return [...figure, ...choice("c", "of", `${first} and ${second}`), ...at];
  const lines = state.lines?.map((name) => findFactor(name).label).join(", ");
  return [
    ...figure,
    ...choice("x", "against", findFactor(state.factor).label),
    ...choice("b", "by", lines || "what varies"),
    ...at,
  ];
}

function chartOverTable(props: ViewProps<ExploreState>, { width, height }: Size): Line[] {
  const { state, lab, pen } = props;
  const drawn = exploredChart(state, lab);
  if (props.screenReader) {
    const half = Math.floor(height / 2);
    return [...chartInWords(drawn, { width, height: half }, pen), ...trials(props, { width, height: height - half })];
  }
  const usual = Math.min(height - 6, Math.max(13, Math.round(height * 0.62)));
  const tall = height < LOWEST_WITH_TABLE - 2 ? height - 1 : usual;
  const above = chart(drawn, { width, height: tall, title: false }, pen);
  return [...above, ...trials(props, { width, height: height - tall })];
}

/** As many maps as there is room for, each of them whole if it can be, and the table in what is left. */
function mapsOverTable(props: ViewProps<ExploreState>, { width, height }: Size): Line[] {
  const { state, lab, pen } = props;
  const maps = exploredMaps(state, lab);
  if (maps.length === 0) {
    return [
      [],
      line("  a map needs trials at several CPU limits and several offered rates; f, w and / choose others", "faint"),
    ];
  }
  const tall = height < LOWEST_WITH_TABLE - 2 ? height : height - FEWEST_OF_TABLE;
  const draw = props.screenReader ? mapInWords : rateMapLines;
  const above = maps.flatMap((map) => [...draw(map, { width, height: tall }, pen), BLANK]).slice(0, tall);
  return [...above, ...trials(props, { width, height: height - above.length })];
}

/** The table of the trials under the line of its filter. */
function trials(props: ViewProps<ExploreState>, { width, height }: Size): Line[] {
  const { state, lab, pen } = props;
  const shown = shownTrials(state, lab);
  const status = tableStatus(shown, scopeOf(state, lab).length, state.table, width, pen);
  return [status, ...tableLines(trialTableKind, shown, state.table, { width, height: height - 1 }, pen)];
}

function observations({ state, lab, pen }: ViewProps<ExploreState>, { width, height }: Size): Line[] {
  const size = { width, height: height - OBSERVATION_LEGEND.length };
  const table = tableLines(observationTableKind, shownObservations(state, lab), state.observations, size, pen);
  return [...OBSERVATION_LEGEND, ...table];
}

function comparison({ state, lab, width, pen }: ViewProps<ExploreState>): Line[] {
  const found = sidesCompared(state, lab);
  const [first, second] = state.sides;
  if (!found || first === undefined || second === undefined)
    return [[], line("  c chooses what to compare: two proxies of a sweep, or two sweeps", "faint")];
  return [[], ...comparisonLines(found, figureOf(state.figure), [first, second], width, pen)];
}

/** The open list in a frame, with what was typed to search it. */
export function pickerBox({ state, lab, width: columns, height, pen }: ViewProps<ExploreState>): Line[] | undefined {
  const { picker } = state;
  if (!picker) return undefined;
  const entries = entriesFor(picker.purpose, state, lab);
  const width = Math.min(columns - 4, 68);
  const size = { width: width - 4, height: Math.max(1, Math.min(entries.length, height - 6)) };
  const search = fieldLine(picker.search, { width: width - 4, focused: true }, pen);
  const head = picker.many ? line("space checks, enter draws", "faint") : search;
  return pen.box(PICKER_TITLES[picker.purpose], [head, ...pickerLines(entries, picker, size, pen)], width);
}
