import { type Line, line, piece } from "../../../core/cells/line.ts";
import { displayWidth } from "../../../core/cells/text.ts";
import { conditionsInWords } from "../../../core/words/conditions.ts";
import { chart } from "../../charts/chart.ts";
import { chartInWords } from "../../charts/inWords.ts";
import { twoColumns } from "../../widgets/columns.ts";
import { fieldLine } from "../../widgets/field.ts";
import { pickerLines } from "../../widgets/picker.ts";
import { insteadOfTrials } from "../reading.ts";
import type { ViewProps } from "../screen.ts";
import { answerLines, reasonLines } from "./answers.ts";
import { conditionEntries } from "./conditions.ts";
import { pasteOf } from "./keys.ts";
import { fixedInWords, outlookChart, outlookLines } from "./outlook.ts";
import { questionLines } from "./question.ts";
import { rateChart } from "./rateChart.ts";
import { isStale, type PredictState, rankedProxies, rankedProxy, waits } from "./state.ts";

const LOWEST_CHART = 8;

/** The screen, without the lines to paste that may lie over it. */
export function predictLines(props: ViewProps<PredictState>): readonly Line[] {
  const { state, lab, width, height, pen, screenReader } = props;
  const help = "The predictor learns from what was measured: compose an experiment and run it.";
  const instead = insteadOfTrials(lab, help);
  if (instead) return instead;
  const two = screenReader ? undefined : twoColumns(width);
  const [left, right] = two ?? [width, width];
  const known = rankedProxy(state, lab);
  const question = [pen.rule("How much does a proxy need?", left - 1), ...questionLines(state, left, pen)];
  const outlook = [
    pen.rule(`What will ${known?.proxy} do?`, right, known && fixedInWords(state, known)),
    ...outlookLines(state, lab, { width: right, roomy: two !== undefined }, pen),
  ];
  const answers = [
    pen.rule(answersTitle(props), width, remark(props)),
    ...answerLines(state, lab, width, pen),
    ...reasonLines(state, lab, { width, height: two ? 3 : 1 }, pen),
    ...(state.problem === undefined ? [] : [line(` ${state.problem}`, "bad")]),
  ];
  const text = two
    ? [...pen.beside([question, left], [outlook, right]), ...answers]
    : [...question, ...answers, ...outlook];
  return [...text, ...chartBelow(props, height - text.length)];
}

/** With the conditions, which are the same for all answers but for versions and memory limits; cut to leave room for the remark. */
function answersTitle(props: ViewProps<PredictState>): string {
  const { state, lab, width, pen } = props;
  const [data] = rankedProxies(state, lab).flatMap(({ proxy }) => state.answers[proxy]?.data ?? []);
  const title = data ? `answers: ${conditionsInWords(data)}` : "answers";
  const said = displayWidth(remark(props));
  return pen.cut(title, width - (said > 0 ? said + 10 : 5));
}

function remark({ state, lab }: ViewProps<PredictState>): string {
  if (state.asking) return "working";
  return isStale(state, lab) && waits(state, lab) ? "learns from the new trials when the last has ended" : "";
}

function chartBelow(
  { state, lab, width, pen, screenReader }: ViewProps<PredictState>,
  height: number,
): readonly Line[] {
  const againstRate = state.againstCpu ? undefined : rateChart(state, lab);
  const data = height >= LOWEST_CHART ? (againstRate ?? outlookChart(state, lab)) : undefined;
  return data ? (screenReader ? chartInWords : chart)(data, { width, height }, pen) : [];
}

/** The list of conditions in a frame, with what was typed to search it. */
export function conditionsBox({
  state,
  lab,
  width: columns,
  height,
  pen,
}: ViewProps<PredictState>): Line[] | undefined {
  const { picker } = state;
  if (!picker) return undefined;
  const entries = conditionEntries(lab);
  const width = Math.min(columns - 4, 100);
  const size = { width: width - 4, height: Math.max(1, Math.min(entries.length, height - 6)) };
  const search = fieldLine(picker.search, { width: width - 4, focused: true }, pen);
  return pen.box("Answer from which trials?", [search, ...pickerLines(entries, picker, size, pen)], width);
}

/** The lines to paste, in a frame. */
export function pasteBox({ state, lab, width, pen }: ViewProps<PredictState>): Line[] | undefined {
  if (!state.paste) return undefined;
  const text = pasteOf(state, lab)?.[state.paste] ?? "";
  const keys = [piece("y", "accent"), piece(" copies, "), piece("esc", "accent"), piece(" closes")];
  return pen.box(`for ${state.paste}`, [...text.split("\n").map((one) => line(one)), [], keys], width - 4);
}
