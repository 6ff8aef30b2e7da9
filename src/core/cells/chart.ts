import { type Axis, type Chart, type DrawnSeries, drawable, drawableGuides } from "./chartData.ts";
import { flow, type LegendInput, legendEntries, legendHead, stack } from "./legend.ts";
import { clipLine, type Line, lineWidth, paint, type Span } from "./paint.ts";
import { AXIS_LINES, drawPlot, type Plot, type PlotInput } from "./plot.ts";
import { symbols } from "./symbols.ts";
import { cleanText, displayWidth, type TextOptions } from "./text.ts";

export interface ChartOptions extends TextOptions {
  /** Lines; a chart with measured points has exactly so many. */
  readonly height: number;
  /** False leaves the title to the caller. */
  readonly title?: boolean;
}

/** Smallest page that a chart fits on. */
export const SMALLEST_CHART = { width: 36, height: 8 };
/** Lower pages leave out the names of the axes: the title says them. */
const NAMED_AXES_HEIGHT = 10;
/** Narrowest page that has the legend beside the plot. */
const SIDE_LEGEND_WIDTH = 96;
const FEWEST_ROWS = 4;
const MOST_REMARKS = 2;

/** Draws a chart as lines of text, none of them wider than `width`. */
export function drawChart(chart: Chart, options: ChartOptions): string {
  return paint(chartLines(chart, options), options.colour);
}

/** The same as lines that are still to be painted; their number is at most `height`. */
export function chartLines(chart: Chart, options: ChartOptions): Line[] {
  const { width, height, ascii } = options;
  return pageLines(chart, options)
    .slice(0, Math.max(1, height))
    .map((line) => clipLine(line, width, ascii));
}

function pageLines(chart: Chart, options: ChartOptions): Line[] {
  const { width, height, ascii } = options;
  if (width < SMALLEST_CHART.width || height < SMALLEST_CHART.height) {
    return [
      [{ text: `too small for a chart: ${SMALLEST_CHART.width} x ${SMALLEST_CHART.height} needed`, style: "plain" }],
    ];
  }
  const title = options.title === false ? [] : [titleLine(chart, options)];
  const series = drawable(chart.series, ascii);
  if (series.every(({ points, line }) => points.length + line.length === 0)) {
    return [...title, [faint(" no measured points")]];
  }
  const room = Math.min(MOST_REMARKS, Math.max(0, height - NAMED_AXES_HEIGHT));
  const remarks = (chart.remarks ?? []).slice(0, room).map((text): Line => [faint(` ${cleanText(text, ascii)}`)]);
  const body = { ...options, height: height - title.length - remarks.length };
  return [...title, ...drawBody(chart, series, body), ...remarks];
}

function titleLine(chart: Chart, { height, ascii }: ChartOptions): Line {
  const unit = height < NAMED_AXES_HEIGHT && !showsUnit(chart.x) ? `, ${chart.x.unit}` : "";
  return [{ text: ` ${cleanText(chart.title + unit, ascii)}`, style: "title" }];
}

/** Everything between the title and the remarks, in `height` lines. */
function drawBody(chart: Chart, series: readonly DrawnSeries[], options: ChartOptions, shared = false): Line[] {
  const input: LegendInput = { chart, series, symbols: symbols(options.ascii), ascii: options.ascii, shared };
  const entries = legendEntries(input);
  const heads = chart.lastValues === false ? [] : [legendHead(input)];
  const stacked = [...heads, ...stack(entries)];
  const legendWidth = Math.max(...stacked.map(lineWidth)) + 3;
  const { width, height } = options;
  const beside = width >= SIDE_LEGEND_WIDTH && legendWidth <= width / 3 && stacked.length <= height - 4;
  const above = beside ? [] : legendLines(heads, entries, options);
  const plotWidth = beside ? width - legendWidth : width;
  const guides = drawableGuides(chart.guides ?? [], options.ascii);
  const plot = drawFramed({ ...input, x: chart.x, y: chart.y, guides }, plotWidth, height - above.length);
  // Only a drawn plot shows whether marks meet; then the legend has to say so, and is made again.
  if (plot.shared && !shared) return drawBody(chart, series, options, true);
  return beside ? addBeside(plot.lines, stacked, plotWidth + 2) : [...above, ...plot.lines];
}

/** The legend over the plot; its head goes first if room is short, then its last entries. */
function legendLines(heads: readonly Line[], entries: readonly Line[], { width, height }: ChartOptions): Line[] {
  const most = Math.max(1, height - 2 - AXIS_LINES - FEWEST_ROWS);
  const whole = flow([...heads, ...entries], width, Number.POSITIVE_INFINITY);
  return whole.length <= most ? whole : flow(entries, width, most);
}

/** The plot in `height` lines: under the name of its y axis and over the name of its x axis where there is room. */
function drawFramed(input: PlotInput, width: number, height: number): Plot {
  if (height - 2 - AXIS_LINES < FEWEST_ROWS) return drawPlot(input, width, height - AXIS_LINES);
  const xName = axisName(input.x, input.ascii);
  const indent = Math.max(1, Math.floor((width - displayWidth(xName)) / 2));
  const { lines, shared } = drawPlot(input, width, height - 2 - AXIS_LINES);
  return {
    lines: [[faint(` ${axisName(input.y, input.ascii)}`)], ...lines, [faint(" ".repeat(indent) + xName)]],
    shared,
  };
}

/** `CPU bandwidth, cores`; a unit that the label or the tick labels show already is not said twice. */
function axisName(axis: Axis, ascii: boolean): string {
  return cleanText(showsUnit(axis) ? axis.label : `${axis.label}, ${axis.unit}`, ascii);
}

function showsUnit({ label, unit }: Axis): boolean {
  return unit === "" || unit === "share" || unit.startsWith("bytes") || label.includes(unit);
}

function addBeside(lines: readonly Line[], legend: readonly Line[], column: number): Line[] {
  return lines.map((line, index) => {
    const entry = legend[index - 1];
    if (!entry) return line;
    return [...line, { text: " ".repeat(Math.max(0, column - lineWidth(line))), style: "plain" }, ...entry];
  });
}

function faint(text: string): Span {
  return { text, style: "faint" };
}
