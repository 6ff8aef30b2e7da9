import { type Chart, type ChartAxis, type DrawnSeries, drawable, drawableGuides } from "./chartData.ts";
import { flow, type LegendInput, legendEntries, legendHead, stack } from "./legend.ts";
import { type Line, line, paint, piece, type Size, widthOf } from "./line.ts";
import { Pen } from "./pen.ts";
import { AXIS_LINES, drawPlot, type Plot, type PlotInput } from "./plot.ts";
import { displayWidth, type TextOptions } from "./text.ts";

/** A page for a chart. */
export interface ChartSize extends Size {
  /** False leaves the title to the caller. */
  readonly title?: boolean;
}

/** What the parts of a chart are drawn from. */
type Drawing = ChartSize & { readonly pen: Pen };

/** Smallest page that a chart fits on. */
export const SMALLEST_CHART = { width: 36, height: 8 };
/** Lower pages leave out the names of the axes: the title says them. */
const NAMED_AXES_HEIGHT = 10;
/** Narrowest page that has the legend beside the plot. */
const SIDE_LEGEND_WIDTH = 96;
const FEWEST_ROWS = 4;
const MOST_REMARKS = 2;

/** Draws a chart as lines of text, none of them wider than `width`; one with measured points has exactly `height`. */
export function drawChart(chart: Chart, options: TextOptions & ChartSize): string {
  return paint(chartLines(chart, options, new Pen(options)), options.colour);
}

/** The same as lines that are still to be painted; their number is at most `height`. */
export function chartLines(chart: Chart, size: ChartSize, pen: Pen): Line[] {
  return pageLines(chart, { ...size, pen })
    .slice(0, Math.max(1, size.height))
    .map((pieces) => pen.clip(pieces, size.width));
}

function pageLines(chart: Chart, drawing: Drawing): Line[] {
  const { width, height, pen } = drawing;
  if (width < SMALLEST_CHART.width || height < SMALLEST_CHART.height) {
    return [line(`too small for a chart: ${SMALLEST_CHART.width} x ${SMALLEST_CHART.height} needed`)];
  }
  const unit = height < NAMED_AXES_HEIGHT && !showsUnit(chart.x) ? `, ${chart.x.unit}` : "";
  const title = drawing.title === false ? [] : [line(` ${chart.title}${unit}`, "title")];
  const series = drawable(chart.series, pen);
  if (series.every(({ points, line }) => points.length + line.length === 0)) {
    return [...title, line(" no measured points", "faint")];
  }
  const room = Math.min(MOST_REMARKS, Math.max(0, height - NAMED_AXES_HEIGHT));
  const remarks = (chart.remarks ?? []).slice(0, room).map((text) => line(` ${text}`, "faint"));
  const body = { ...drawing, height: height - title.length - remarks.length };
  return [...title, ...drawBody(chart, series, body), ...remarks];
}

/** Everything between the title and the remarks, in `height` lines. */
function drawBody(chart: Chart, series: readonly DrawnSeries[], drawing: Drawing, shared = false): Line[] {
  const { width, height, pen } = drawing;
  const input: LegendInput = { chart, series, pen, shared };
  const entries = legendEntries(input);
  const heads = chart.lastValues === false ? [] : [legendHead(input)];
  const stacked = [...heads, ...stack(entries)];
  const legendWidth = Math.max(...stacked.map(widthOf)) + 3;
  const beside = width >= SIDE_LEGEND_WIDTH && legendWidth <= width / 3 && stacked.length <= height - 4;
  const above = beside ? [] : legendLines(heads, entries, drawing);
  const plotWidth = beside ? width - legendWidth : width;
  const guides = drawableGuides(chart.guides ?? [], pen);
  const plot = drawFramed({ ...input, x: chart.x, y: chart.y, guides }, plotWidth, height - above.length);
  // Only a drawn plot shows whether marks meet; then the legend has to say so, and is made again.
  if (plot.shared && !shared) return drawBody(chart, series, drawing, true);
  return beside ? addBeside(plot.lines, stacked, plotWidth + 2) : [...above, ...plot.lines];
}

/** The legend over the plot; its head goes first if room is short, then its last entries. */
function legendLines(heads: readonly Line[], entries: readonly Line[], { width, height }: Size): Line[] {
  const most = Math.max(1, height - 2 - AXIS_LINES - FEWEST_ROWS);
  const whole = flow([...heads, ...entries], width, Number.POSITIVE_INFINITY);
  return whole.length <= most ? whole : flow(entries, width, most);
}

/** The plot in `height` lines: under the name of its y axis and over the name of its x axis where there is room. */
function drawFramed(input: PlotInput, width: number, height: number): Plot {
  if (height - 2 - AXIS_LINES < FEWEST_ROWS) return drawPlot(input, width, height - AXIS_LINES);
  const xName = axisName(input.x, input.pen);
  const indent = Math.max(1, Math.floor((width - displayWidth(xName)) / 2));
  const { lines, shared } = drawPlot(input, width, height - 2 - AXIS_LINES);
  return {
    lines: [line(` ${axisName(input.y, input.pen)}`, "faint"), ...lines, line(" ".repeat(indent) + xName, "faint")],
    shared,
  };
}

/** `CPU bandwidth, cores`; a unit that the label or the tick labels show already is not said twice. */
function axisName(axis: ChartAxis, pen: Pen): string {
  return pen.clean(showsUnit(axis) ? axis.label : `${axis.label}, ${axis.unit}`);
}

function showsUnit({ label, unit }: ChartAxis): boolean {
  return unit === "" || unit === "share" || unit.startsWith("bytes") || label.includes(unit);
}

function addBeside(lines: readonly Line[], legend: readonly Line[], column: number): Line[] {
  return lines.map((line, index) => {
    const entry = legend[index - 1];
    if (!entry) return line;
    return [...line, piece(" ".repeat(Math.max(0, column - widthOf(line)))), ...entry];
  });
}
