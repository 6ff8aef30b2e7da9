import { rateOf } from "../../../core/answer/goals.ts";
import type { Prediction } from "../../../core/answer/index.ts";
import type { Chart } from "../../../core/cells/chartData.ts";
import { type Line, line, piece } from "../../../core/cells/line.ts";
import type { Pen } from "../../../core/cells/pen.ts";
import { displayWidth, wrapWords } from "../../../core/cells/text.ts";
import { factorOf, findFactor, type LevelKey } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import {
  formatBytes,
  formatCores,
  formatFigure,
  formatInterval,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../../../core/domain/format.ts";
import { atItsSpeed } from "../../../core/words/speed.ts";
import type { LabState } from "../../store/labState.ts";
import { figureAt, sliderLine } from "../../widgets/slider.ts";
import { askedBy } from "./goals.ts";
import { type Known, stopsOf } from "./known.ts";
import {
  movable,
  type PredictState,
  type ProxyOutlook,
  rankedProxy,
  SLIDERS,
  sliderLevels,
  sliderOf,
} from "./state.ts";

const LABEL = 13;
const VALUE = 10;

/** The sliders of the chosen proxy, and what is expected of it where they stand. */
export function outlookLines(
  state: PredictState,
  lab: LabState,
  { width, roomy }: { readonly width: number; readonly roomy: boolean },
  pen: Pen,
): Line[] {
  const known = rankedProxy(state, lab);
  if (!known) return [];
  const sliders = movable(known).map((factor) => sliderRow(state, known, factor, width, pen));
  return [...sliders, ...expected(state, known, width, roomy)];
}

/** The levels that have no slider, since there is only one of each: `1 server, 32 connections`. */
export function fixedInWords(state: PredictState, known: Known): string {
  const fixed = SLIDERS.filter((factor) => stopsOf(known, factor).length === 1);
  return fixed.map((key) => factorOf(key).quantity.describe(figureAt(sliderOf(state, known, key))!)).join(", ");
}

function sliderRow(state: PredictState, known: Known, factor: LevelKey, width: number, pen: Pen): Line {
  const slider = sliderOf(state, known, factor);
  const { quantity, unit } = factorOf(factor);
  const focused = state.focus.on === "slider" && state.focus.factor === factor;
  const track = Math.max(8, Math.min(48, width - LABEL - VALUE - 3));
  return [
    piece(focused ? `${pen.glyphs.pointer} ` : "  ", "accent"),
    piece(quantity.short.padEnd(LABEL - 2), focused ? "accent" : "plain"),
    ...sliderLine(slider, track, focused, pen),
    piece(` ${formatFigure(figureAt(slider), unit)}`),
  ];
}

/** What is expected, or the reason why nothing is: one line, or two where there is room for intervals of all. */
function expected({ outlook }: PredictState, known: Known, width: number, roomy: boolean): Line[] {
  const { rate, p99, peak } = outlook?.proxy === known.proxy ? outlook : ({} as Partial<ProxyOutlook>);
  const label = piece("  requests/s".padEnd(LABEL));
  if (rate === undefined) return [[label, piece(known.levels.size > 0 ? "..." : "nothing to learn from", "faint")]];
  if (!rate.ok)
    return wrapWords(rate.refusal.message, width - LABEL).map((text, index) => [
      index === 0 ? label : piece(" ".repeat(LABEL)),
      piece(text, "warning"),
    ]);
  const main = piece(formatInterval(rate.quantity, formatRate), "accent");
  const memory = peak?.ok ? [`memory peak ${formatBytes(peak.quantity.estimate)}`] : [];
  const latency = (text: (quantity: Prediction["quantity"]) => string) =>
    p99?.ok ? [`p99 ${text(p99.quantity)}`] : [];
  const where = p99?.ok && p99.data?.latency === "at saturation" ? " at saturation" : "";
  const long = [...latency((quantity) => formatInterval(quantity, formatMilliseconds) + where), ...memory].join(", ");
  const short = [...latency(({ estimate }) => formatMilliseconds(estimate)), ...memory].join(", ");
  if (!roomy) return [[label, main, piece(short === "" ? "" : `, ${short}`)]];
  const second = LABEL + displayWidth(long) <= width ? long : short;
  return [[label, main], line(" ".repeat(LABEL) + second)];
}

/** The predicted curve with the trials that it was learned from, the goal, and where the CPU slider stands. */
export function outlookChart(state: PredictState, lab: LabState): Chart | undefined {
  const known = rankedProxy(state, lab);
  const curve = known && state.outlook?.proxy === known.proxy ? state.outlook.curve : undefined;
  if (!known || !curve?.ok) return undefined;
  const asked = askedBy(state.fields);
  const goal = asked.ok ? rateOf(asked.goals) : undefined;
  const cpu = figureAt(sliderOf(state, known, "cpu"));
  const x = findFactor("cpu");
  const figure = figureOf("requestsPerSecond");
  const label = atItsSpeed(figure.label, figure, curve.speed);
  const highest = Math.max(...curve.points.map(({ high }) => high));
  return {
    title: `requests/s of ${known.proxy} against ${x.label}`,
    x: { label: x.label, unit: x.unit },
    y: { label, unit: figure.unit },
    bands: `${formatPercent(curve.confidence)} interval of one further run`,
    series: [
      {
        name: known.proxy,
        points: measuredPoints(state, known),
        curve: curve.points.map(({ level, estimate, low, high }) => ({ x: level, y: estimate, low, high })),
      },
    ],
    guides: [
      // A goal far above the curve would press it flat.
      ...(goal !== undefined && goal <= 2 * highest
        ? [{ axis: "y", at: goal, label: `goal ${formatRate(goal)}` } as const]
        : []),
      ...(cpu === undefined ? [] : [{ axis: "x", at: cpu, label: formatCores(cpu) } as const]),
    ],
  };
}

/** The trials made at the levels of the sliders. */
function measuredPoints(state: PredictState, known: Known) {
  const { factors, x, y } = known.rows.training;
  const fixed = Object.entries(sliderLevels(state, known));
  const column = factors.indexOf("cpu");
  return x.flatMap((row, index) => {
    const alike = fixed.every(([factor, level]) => row[factors.indexOf(factor as LevelKey)] === level);
    return alike ? [{ x: row[column]!, y: y[index]! }] : [];
  });
}
