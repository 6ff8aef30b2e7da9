import type { Chart, ChartPoint, ChartSeries } from "../../core/cells/chartData.ts";
import type { Line, Size } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { formatCpuLevel, formatFigure, formatWithUnit, isFigure } from "../../core/domain/format.ts";
import type { RateMap } from "../../core/views/rateMap.ts";

/** Points of a curve that are told: more would take too long to listen to. */
const MOST_TOLD = 8;

/** A chart for those who listen to it: each series with its figures, in the order of x. */
export function chartInWords(chart: Chart, { width, height }: Size, pen: Pen): Line[] {
  const { title, series, guides = [], remarks = [] } = chart;
  const told = series.flatMap(({ name, points, curve = [] }) => {
    const figures = (points.length > 0 ? points : thinned(curve)).map((point) => pointInWords(point, chart));
    return figures.length === 0 ? [] : `${name}: ${figures.join("; ")}.`;
  });
  const marked = guides.flatMap(({ label, axis }) => (label === undefined ? [] : `${axis} marked: ${label}.`));
  const texts = [`${title}.`, ...(told.length > 0 ? told : ["No measured points."]), ...marked, ...remarks];
  return texts.flatMap((text) => pen.paragraph(text, width)).slice(0, Math.max(0, height));
}

function pointInWords({ x, y, low, high, note }: ChartPoint, chart: Chart): string {
  const figure = (value: number) => formatFigure(value, chart.y.unit);
  const range = isFigure(low) && isFigure(high) && low < high ? `, ${figure(low)} to ${figure(high)}` : "";
  const value = isFigure(y) ? `${figure(y)}${range}` : "no figure";
  return `at ${formatWithUnit(x, chart.x.unit)} ${value}${note ? ` (${note})` : ""}`;
}

/** A map for those who listen to it: each CPU limit with its figures, in the order of the rates. */
export function mapInWords({ title, unit, cpus, cells }: RateMap, { width, height }: Size, pen: Pen): Line[] {
  const rows = cpus.map((limit) => {
    const own = cells.filter(({ cpu }) => cpu === limit);
    const told = own.map(({ rate, value, note }) => {
      const figure = isFigure(value) ? formatFigure(value, unit) : "no figure";
      return `at ${formatWithUnit(rate, "requests/s")} ${figure}${note ? ` (${note})` : ""}`;
    });
    return `${formatCpuLevel(limit)} cpu: ${told.join("; ")}.`;
  });
  return [`${title}.`, ...rows].flatMap((text) => pen.paragraph(text, width)).slice(0, Math.max(0, height));
}

function thinned(points: NonNullable<ChartSeries["curve"]>): readonly ChartPoint[] {
  const every = Math.max(1, Math.ceil((points.length - 1) / (MOST_TOLD - 1)));
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
