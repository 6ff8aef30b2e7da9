import type { ModelComparison } from "../../../core/answer/index.ts";
import type { Chart } from "../../../core/cells/chartData.ts";
import { type Line, line, type Size } from "../../../core/cells/line.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import { dataInWords } from "../../../core/words/conditions.ts";
import { trialsLeftOut, winnerInWords } from "../../../core/words/models.ts";
import { speedRemarks } from "../../../core/words/speed.ts";
import { chart } from "../../charts/chart.ts";
import { chartInWords } from "../../charts/inWords.ts";
import { predictedAgainstMeasured } from "../../charts/scatter.ts";
import { twoColumns } from "../../widgets/columns.ts";
import { choiceLine, segmentsLine } from "../../widgets/segments.ts";
import { tableLines } from "../../widgets/table/view.ts";
import { insteadOfTrials } from "../reading.ts";
import type { ViewProps } from "../screen.ts";
import { correlationLines } from "./correlation.ts";
import { correlationOf, type ModelsState, measuredProxies, modelsCompared, shownProxy } from "./state.ts";
import { type ModelRow, pointed, shownModels } from "./table.ts";

/** Wider pages have the scatter plot and the correlations side by side: a map of them takes so much. */
const BESIDE_CORRELATIONS = 150;

function halves({ width, screenReader }: ViewProps<ModelsState>) {
  return screenReader ? undefined : twoColumns(width, 0.5, BESIDE_CORRELATIONS);
}

/** The screen: the models of a figure, above what they predicted and what correlates with what. */
export function modelsLines(props: ViewProps<ModelsState>): readonly Line[] {
  const { state, lab, width, pen } = props;
  const instead = insteadOfTrials(lab, "Models learn from what was measured: compose an experiment and run it.");
  const proxy = shownProxy(state, lab);
  if (instead || proxy === undefined) return instead ?? [];
  const proxies = measuredProxies(lab.trials);
  const head = [
    ...choiceLine("p", "proxy", segmentsLine(proxies, proxies.indexOf(proxy), width - 40, false, pen)),
    ...choiceLine("f", "figure", line(figureOf(state.target).label)),
  ];
  const found = modelsCompared(state, lab);
  const two = halves(props);
  if (!found?.ok && state.view === "scatter" && !two) return [head, [], ...waiting(props)];
  const models = found?.ok ? comparisonLines(found, props) : waiting(props);
  const above = state.view === "correlation" && !two ? [] : models;
  return [head, ...above, ...lower(props, props.height - 1 - above.length)];
}

function waiting({ state, lab, width, pen }: ViewProps<ModelsState>): Line[] {
  const found = modelsCompared(state, lab);
  const text =
    found && !found.ok
      ? [found.refusal.message, ...(found.data ? dataInWords(found.data) : [])].join(" ")
      : (state.problem ?? "comparing the models on points left out; this may take some seconds ...");
  return pen.paragraph(text, width, found ? "warning" : "faint", 2);
}

/** The table of the models, and why the winner is the winner. */
function comparisonLines(found: ModelComparison, { state, width, height, pen }: ViewProps<ModelsState>): Line[] {
  const { kind, shown } = shownModels(found, state.target, state.table);
  const most = Math.max(3, Math.min(found.models.length + 1, Math.floor(height * 0.45)));
  const table = tableLines(kind, shown, state.table, { width, height: most }, pen);
  const winner = found.models.find(({ id }) => id === found.chosen);
  const data = found.data ? dataInWords(found.data) : [];
  const rests = [trialsLeftOut(found.trials), ...speedRemarks(found.speed), ...data];
  const why = `${winnerInWords(winner?.title, winner?.scores?.medianApe)}. ${rests.join("; ")}.`;
  return [...table, ...pen.paragraph(why, width, "faint")];
}

function lower(props: ViewProps<ModelsState>, height: number): readonly Line[] {
  const { state, lab, width, pen } = props;
  const scatter = (columns: number) => [
    pen.rule("predicted against measured", columns - 1),
    ...scatterLines(props, { width: columns - 1, height: height - 1 }),
  ];
  const correlation = (columns: number) => {
    const found = correlationOf(lab.trials, shownProxy(state, lab)!);
    const map = correlationLines(found, state, { width: columns, height: height - 1 }, pen);
    return [pen.rule("correlation", columns, state.method), ...map];
  };
  const two = halves(props);
  if (two) return pen.beside([scatter(two[0]), two[0]], [correlation(two[1]), two[1]]);
  return state.view === "scatter" ? scatter(width) : correlation(width);
}

function scatterLines({ state, lab, pen, screenReader }: ViewProps<ModelsState>, size: Size): readonly Line[] {
  const found = modelsCompared(state, lab);
  if (!found?.ok) return [];
  const row = chosenModel(found, state);
  const { label, unit } = figureOf(state.target);
  if (!row?.predicted) return [line(`  ${row?.id ?? "the model"} predicted nothing`, "faint")];
  const series = [{ name: row.id, measured: found.measured, predicted: row.predicted }];
  const data: Chart = predictedAgainstMeasured(series, label, unit);
  return screenReader ? chartInWords(data, size, pen) : chart(data, { ...size, title: false }, pen);
}

/** The model that the cursor is on: the one that answers until it is moved. */
function chosenModel(found: ModelComparison, state: ModelsState): ModelRow | undefined {
  const { rows, at } = shownModels(found, state.target, pointed(found, state)).shown;
  return rows[at];
}
