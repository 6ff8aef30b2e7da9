import { Canvas } from "./canvas.ts";
import { type ChartAxis, type DrawnSeries, type Guide, lineEnds, triedLevels } from "./chartData.ts";
import { ofSeries } from "./glyphs.ts";
import { type Line, piece } from "./line.ts";
import type { Pen } from "./pen.ts";
import { bandParts, drawLine } from "./polyline.ts";
import { logYScale, type XScale, xScale, type YScale, yScale } from "./scale.ts";
import { displayWidth } from "./text.ts";
import { logTickLabels, tickLabels, xTicks } from "./ticks.ts";

/** What a plot is drawn from. */
export interface PlotInput {
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly DrawnSeries[];
  readonly guides: readonly Guide[];
  readonly pen: Pen;
}

export interface Plot {
  readonly lines: readonly Line[];
  /** Marks of several series stand in one place, which the legend has to explain. */
  readonly shared: boolean;
}

/** Lines of a plot that are not for data: the x axis and its labels. */
export const AXIS_LINES = 2;

/** A page for the data, and where on it a value stands, in whole rows and columns. */
interface Page {
  readonly canvas: Canvas;
  readonly x: XScale;
  readonly y: YScale;
  column(x: number): number;
  row(y: number): number;
}

/** The plot with both axes: `rows` lines from the top for the data, then the x axis and its labels. */
export function drawPlot(input: PlotInput, width: number, rows: number): Plot {
  const { series, pen, guides } = input;
  const at = (axis: Guide["axis"]) => guides.filter((guide) => guide.axis === axis).map((guide) => guide.at);
  const values = series.flatMap(({ points, line }) => [...points, ...line].flatMap(({ low, high }) => [low, high]));
  const log = input.y.scale === "log";
  const held = [...at("y"), ...values];
  const y = log ? logYScale(held, rows - 1) : yScale(held, rows - 1, input.y.unit);
  const levels = y.ticks.map(({ value }) => value);
  const labels = (log ? logTickLabels : tickLabels)(levels, input.y.unit).map((label) => pen.clean(label));
  const margin = Math.max(...labels.map(displayWidth)) + 2;
  const canvas = new Canvas(rows, width - margin - 1);
  const x = xScale([...at("x"), ...triedLevels(series), ...lineEnds(series)], canvas.columns);
  const column = (value: number) => Math.round(x.column(value));
  const page: Page = { canvas, x, y, column, row: (value) => Math.round(y.row(value)) };
  drawBands(input, page);
  drawGuides(input, page);
  drawData(input, page);
  const shared = drawMarks(input, page);
  const labelOf = new Map(y.ticks.map(({ row }, index) => [row, labels[index]!]));
  const { upright, yTick } = pen.glyphs.axis;
  const dataLines = Array.from({ length: rows }, (_, index): Line => {
    const label = labelOf.get(rows - 1 - index);
    const { text } = pen.cell(label ?? "", margin - 1, "faint", "right");
    return [piece(`${text} ${label === undefined ? upright : yTick}`, "faint"), ...canvas.line(rows - 1 - index)];
  });
  return { lines: [...dataLines, ...drawXAxis(input, page, margin)], shared };
}

/** Guides and their labels: a level one has its label at the right, an upright one beside its top. */
function drawGuides({ guides, pen: { glyphs } }: PlotInput, { canvas, row, column }: Page): void {
  const { rows, columns } = canvas;
  for (const { axis, at, label = "" } of guides) {
    const width = displayWidth(label);
    if (axis === "y") {
      canvas.write(row(at), 0, glyphs.guide.level.repeat(columns), "faint");
      if (columns > width) canvas.write(row(at), columns - width - 1, label, "faint");
    } else {
      canvas.upright(column(at), 0, rows - 1, glyphs.guide.upright, "faint");
      const right = column(at) + 2;
      const start = right + width <= columns ? right : column(at) - 1 - width;
      if (start >= 0) canvas.write(rows - 1, start, label, "faint");
    }
  }
}

function drawBands({ series, pen: { glyphs } }: PlotInput, { canvas, x, y }: Page): void {
  const parts = series.flatMap(({ band, line }) => (band ? bandParts(line, x, y) : []));
  for (const { column, low, high } of parts) canvas.upright(column, low, high, glyphs.band, "faint");
}

/** Lines below whiskers below marks, so that what was measured is never hidden by what joins it. */
function drawData({ series, pen: { glyphs } }: PlotInput, { canvas, x, y, column, row }: Page): void {
  for (const [index, { line }] of series.entries()) {
    for (const spot of drawLine(line, x, y, canvas.rows - 1, ofSeries(glyphs.strokes, index))) {
      canvas.put(spot.row, spot.column, spot.character, index);
    }
  }
  for (const [index, { points }] of series.entries()) {
    for (const { x, low, high } of points) {
      if (low !== high) canvas.upright(column(x), row(low), row(high), glyphs.whisker, index);
    }
  }
}

/** Draws the marks; true if some had to share a place. */
function drawMarks({ series, pen: { glyphs } }: PlotInput, { canvas, ...page }: Page): boolean {
  const owners = new Map<string, number>();
  let shared = false;
  for (const [index, { points }] of series.entries()) {
    for (const point of points) {
      const [row, column] = [page.row(point.y), page.column(point.x)];
      const others = (owners.get(`${row} ${column}`) ?? index) !== index;
      owners.set(`${row} ${column}`, index);
      shared ||= others;
      const mark = ofSeries(point.note ? glyphs.notedMarks : glyphs.marks, index);
      canvas.put(row, column, others ? glyphs.shared : mark, others ? "plain" : index);
    }
  }
  return shared;
}

function drawXAxis(
  { x: axis, series, pen: { glyphs } }: PlotInput,
  { canvas, x, column }: Page,
  margin: number,
): Line[] {
  const { columns } = canvas;
  const lines = new Canvas(2, columns);
  lines.write(1, 0, glyphs.axis.level.repeat(columns), "faint");
  for (const tick of xTicks(triedLevels(series), x, columns, axis.unit)) {
    lines.put(1, tick.column, glyphs.axis.xTick, "faint");
    if (tick.label) lines.write(0, tick.label.start, tick.label.text, "faint");
  }
  for (const [index, { absent }] of series.entries()) {
    for (const point of absent) lines.put(1, column(point.x), glyphs.failed, index);
  }
  return [
    [piece(" ".repeat(margin) + glyphs.axis.corner, "faint"), ...lines.line(1)],
    [piece(" ".repeat(margin + 1), "faint"), ...lines.line(0)],
  ];
}
