import type { TopLevelSpec } from "vega-lite";
import type { Chart, ChartAxis } from "../../cells/chartData.ts";
import { logSteps, powersOfTen } from "../../cells/scale.ts";
import { isFigure } from "../../domain/format.ts";
import { PAPER, SERIES_COLOURS } from "../html/palette.ts";
import { CONFIG } from "./config.ts";

const SIZE = { width: 400, height: 240 };
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 2],
  [10, 4],
];
/** Figures that lie farther apart than this are drawn on a log scale. */
const LOG_FROM = 25;

/** Units that are too small to read on an axis, and what they are drawn in. */
const LARGER: Readonly<Record<string, readonly [unit: string, divisor: number]>> = {
  bytes: ["MiB", 2 ** 20],
  "bytes/s": ["MiB/s", 2 ** 20],
  share: ["%", 0.01],
};

/** `20k`, but `0.06` and not `60m`. */
const LABEL = "abs(datum.value) >= 1000 ? format(datum.value, '~s') : format(datum.value, '~r')";

/**
 * A chart as a Vega-Lite specification: lines with intervals; hollow marks where something else held the rate
 * down, crosses on the axis where a level was tried and gave no figure.
 */
export function chartSpec(chart: Chart): TopLevelSpec {
  const [yUnit, divisor] = LARGER[chart.y.unit] ?? [chart.y.unit, 1];
  const rows = rowsOf(chart, divisor);
  const names = chart.series.map(({ name }) => name);
  const log = logTicks(rows, chart.y.scale === "log" ? 1 : LOG_FROM);
  const x = { field: "x", type: "quantitative", title: axisTitle(chart.x, chart.x.unit), scale: { nice: true } };
  const y = {
    field: "y",
    type: "quantitative",
    title: null,
    scale: log ? { type: "log", domain: [log[0], log.at(-1)] } : { zero: true, nice: true },
    axis: {
      labelExpr: LABEL,
      tickCount: 6,
      ...(log ? { values: chart.y.scale === "log" ? powersOfTen(log) : log } : {}),
    },
  };
  const title = axisTitle(chart.y, yUnit) + (log ? ", log scale" : "");
  const legend = names.length > 1 ? { title: null, orient: "bottom", columns: 2 } : null;
  const by = <R>(range: readonly R[]) => ({
    field: "series",
    type: "nominal",
    scale: { domain: names, range: names.map((_, index) => range[index % range.length]!) },
    legend,
  });
  const colour = by(SERIES_COLOURS.map(([light]) => light));
  const points = (filter: string, look: object) => ({
    transform: [{ filter }],
    mark: { type: "point", size: 46, opacity: 1, ...look },
    encoding: { x, y, color: colour, shape: by(SHAPES) },
  });
  const layer = [
    {
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 1.5, opacity: 0.75 },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: colour },
    },
    { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y, color: colour, strokeDash: by(DASHES) } },
    points("!datum.other", { filled: true }),
    points("datum.other", { strokeWidth: 2, fill: PAPER[0] }),
    {
      data: { values: absentOf(chart) },
      mark: { type: "text", text: "\u00d7", fontSize: 18, dy: -7 },
      encoding: { x, y: { value: SIZE.height }, color: colour },
    },
  ];
  return { ...SIZE, title, data: { values: rows }, layer, config: CONFIG, background: null } as unknown as TopLevelSpec;
}

/** The points that have a figure, by series; `other`: something else than the proxy held it down. */
function rowsOf(chart: Chart, divisor: number) {
  return chart.series.flatMap(({ name, points }) =>
    points.flatMap(({ x, y, low, high, note }) => {
      if (!isFigure(y)) return [];
      const range = isFigure(low) && isFigure(high) ? { low: low / divisor, high: high / divisor } : {};
      return [{ series: name, x, y: y / divisor, ...range, other: note !== undefined }];
    }),
  );
}

/** Levels that were tried and gave no figure. */
function absentOf({ series }: Chart) {
  return series.flatMap(({ name, points }) => points.flatMap(({ x, y }) => (isFigure(y) ? [] : [{ series: name, x }])));
}

/** Ticks of a log scale at 1, 2 and 5 that hold all figures; `undefined` unless they lie farther apart than `times`. */
function logTicks(rows: ReturnType<typeof rowsOf>, times: number): number[] | undefined {
  const values = rows.map(({ y }) => y);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(least > 0) || most / least <= times) return undefined;
  const low = Math.min(...rows.map((row) => row.low ?? row.y));
  const high = Math.max(...rows.map((row) => row.high ?? row.y));
  return logSteps(low, high);
}

/** Every axis says its unit. */
function axisTitle({ label }: ChartAxis, unit: string): string {
  return unit === "" || label.includes(unit) ? label : `${label} (${unit})`;
}
