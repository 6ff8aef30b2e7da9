import { type Chart, formatPercent, metricOf } from "../../../core/views/index.ts";
import { chart } from "../../charts/chart.ts";
import { chartInWords } from "../../charts/inWords.ts";
import { predictedAgainstMeasured } from "../../charts/scatter.ts";
import type { ModelComparison } from "../../services.ts";
import { beside, page, rule } from "../../text/layout.ts";
import { line, piece, type Size, type StyledLine } from "../../text/line.ts";
import { wrapped } from "../../text/wrap.ts";
import { segmentsLine } from "../../widgets/segments.ts";
import { tableLines } from "../../widgets/table/view.ts";
import { insteadOfTrials } from "../reading.ts";
import type { ViewProps } from "../screen.ts";
import { correlationLines } from "./correlation.ts";
import { chosenProxy, comparisonOf, correlationOf, type ModelRow, proxiesOf } from "./data.ts";
import type { ModelsState } from "./state.ts";
import { tableFor } from "./table.ts";

/** Wider pages have the scatter plot and the correlations side by side. */
const SIDE_BY_SIDE = 150;

function sideBySide({ columns, screenReader }: ViewProps<ModelsState>): boolean {
  return columns >= SIDE_BY_SIDE && !screenReader;
}

/** The screen, in exactly its size. */
export function modelsLines(props: ViewProps<ModelsState>): readonly StyledLine[] {
  return page(bodyLines(props), { width: props.columns, height: props.rows }, props.theme.ascii);
}

function bodyLines(props: ViewProps<ModelsState>): readonly StyledLine[] {
  const { state, lab, columns, rows, theme } = props;
  const instead = insteadOfTrials(lab, "Models learn from what was measured: compose an experiment and run it.");
  const proxy = chosenProxy(state, lab);
  if (instead || proxy === undefined) return instead ?? [];
  const proxies = proxiesOf(lab.trials);
  const head: StyledLine[] = [
    [
      piece("  p ", "accent"),
      piece("proxy ", "faint"),
      ...segmentsLine(proxies, proxies.indexOf(proxy), columns - 40, false, theme),
      piece("  f ", "accent"),
      piece("figure ", "faint"),
      piece(metricOf(state.target).label),
    ],
  ];
  const found = comparisonOf(state, lab);
  const both = sideBySide(props);
  if (!found?.ok && state.view === "scatter" && !both) return [...head, [], ...waiting(props)];
  const models = found?.ok ? comparisonLines(found, props) : waiting(props);
  const above = state.view === "correlation" && !both ? [] : models;
  const height = rows - head.length - above.length;
  return [...head, ...above, ...lower(props, found, { width: columns, height })];
}

function waiting({ state, lab, columns }: ViewProps<ModelsState>): StyledLine[] {
  const found = comparisonOf(state, lab);
  const text =
    found && !found.ok
      ? found.refusal.message
      : (state.problem ?? "comparing the models on points left out; this may take some seconds ...");
  return wrapped(text, columns - 4).map((one) => line(`  ${one}`, found ? "warning" : "faint"));
}

/** The table of the models, and why the winner is the winner. */
function comparisonLines(
  found: ModelComparison,
  { state, columns, rows, theme }: ViewProps<ModelsState>,
): StyledLine[] {
  const { kind, arrange } = tableFor(found.chosen, metricOf(state.target).unit);
  const shown = arrange(found.models, state.table);
  const most = Math.max(3, Math.min(found.models.length + 1, Math.floor(rows * 0.45)));
  const table = tableLines(kind, shown, state.table, { width: columns, height: most }, theme);
  const winner = found.models.find(({ id }) => id === found.chosen);
  const error = formatPercent(winner?.scores?.medianApe);
  const why = `${winner?.title} answers: with a median error of ${error} on points left out it is the simplest within noise of the best. ${found.measured.length} trials, each point predicted without its own.`;
  return [...table, ...wrapped(why, columns - 2).map((text) => line(` ${text}`, "faint"))];
}

function lower(
  props: ViewProps<ModelsState>,
  found: ReturnType<typeof comparisonOf>,
  { width, height }: Size,
): readonly StyledLine[] {
  const { state, theme } = props;
  const both = sideBySide(props);
  const half = both ? Math.floor(width / 2) : width;
  const inner = { width: half - 1, height: height - 1 };
  const scatter = () => [
    rule("predicted against measured", half - 1, theme.ascii),
    ...scatterLines(props, found, inner),
  ];
  const correlation = () => [
    rule("correlation", half, theme.ascii, state.method),
    ...correlationPart(props, { width: half, height: height - 1 }),
  ];
  if (!both) return state.view === "scatter" ? scatter() : correlation();
  return beside(
    [
      { lines: scatter(), width: half },
      { lines: correlation(), width: width - half },
    ],
    theme.ascii,
  );
}

function scatterLines(
  { state, theme, screenReader }: ViewProps<ModelsState>,
  found: ReturnType<typeof comparisonOf>,
  size: Size,
): readonly StyledLine[] {
  if (!found?.ok) return [];
  const row = chosenModel(found, state);
  const { label, unit } = metricOf(state.target);
  if (!row?.predicted) return [line(`  ${row?.id ?? "the model"} predicted nothing`, "faint")];
  const series = [{ name: row.id, measured: found.measured, predicted: row.predicted }];
  const data: Chart = predictedAgainstMeasured(series, label, unit);
  return screenReader ? chartInWords(data, size) : chart(data, size, theme, { title: false });
}

/** The model that the cursor is on: the one that answers until it is moved. */
function chosenModel(found: ModelComparison, state: ModelsState): ModelRow | undefined {
  if (state.table.cursor === undefined) return found.models.find(({ id }) => id === found.chosen);
  const { arrange } = tableFor(found.chosen, metricOf(state.target).unit);
  const { rows, at } = arrange(found.models, state.table);
  return rows[at];
}

function correlationPart({ state, lab, theme }: ViewProps<ModelsState>, size: Size): readonly StyledLine[] {
  return correlationLines(correlationOf(lab.trials, chosenProxy(state, lab)!), state, size, theme);
}
