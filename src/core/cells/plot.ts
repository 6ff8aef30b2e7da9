import { Canvas } from "./canvas.ts";
import { type ChartAxis, type DrawnSeries, type Guide, lineEnds, triedLevels } from "./chartData.ts";
import { ofSeries } from "./glyphs.ts";
import { type Line, piece } from "./line.ts";
import type { Pen } from "./pen.ts";
import { bandParts, drawLine } from "./polyline.ts";
import { type XScale, xScale, type YScale, yScale } from "./scale.ts";
import { displayWidth } from "./text.ts";
import { tickLabels, xTicks } from "./ticks.ts";

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

/** The plot with both axes: `rows` lines from the top for the data, then the x axis and its labels. */
export function drawPlot(input: PlotInput, width: number, rows: number): Plot {
  const { series, pen, guides } = input;
  const at = (axis: Guide["axis"]) => guides.filter((guide) => guide.axis === axis).map((guide) => guide.at);
  const values = [
    ...at("y"),
    ...series.flatMap(({ points, line }) => [...points, ...line].flatMap(({ low, high }) => [low, high])),
  ];
  const y = yScale(values, rows - 1, input.y.unit);
  const labels = tickLabels(
    y.ticks.map(({ value }) => value),
    input.y.unit,
  ).map((label) => pen.clean(label));
  const margin = Math.max(...labels.map(displayWidth)) + 2;
  const x = xScale([...at("x"), ...triedLevels(series), ...lineEnds(series)], width - margin - 1);
  const canvas = new Canvas(rows, width - margin - 1);
  drawBands(input, x, y, canvas);
  drawGuides(input, x, y, canvas, width - margin - 1);
  drawData(input, x, y, canvas);
  const shared = drawMarks(input, x, y, canvas);
  const labelOf = new Map(y.ticks.map(({ row }, index) => [row, labels[index]!]));
  const { upright, yTick } = pen.glyphs.axis;
  const dataLines = Array.from({ length: rows }, (_, index): Line => {
    const label = labelOf.get(rows - 1 - index);
    const { text } = pen.cell(label ?? "", margin - 1, "faint", "right");
    return [piece(`${text} ${label === undefined ? upright : yTick}`, "faint"), ...canvas.line(rows - 1 - index)];
  });
  return { lines: [...dataLines, ...drawXAxis(input, x, margin, width - margin - 1)], shared };
}

/** Guides and their labels: a level one has its label at the right, an upright one beside its top. */
function drawGuides(
  { guides, pen: { glyphs } }: PlotInput,
  x: XScale,
  y: YScale,
  canvas: Canvas,
  columns: number,
): void {
  for (const { axis, at, label = "" } of guides) {
    const [row, column] = axis === "y" ? [Math.round(y.row(at)), 0] : [0, Math.round(x.column(at))];
    if (axis === "y") for (let to = 0; to < columns; to += 1) canvas.put(row, to, glyphs.guide.level, "faint");
    else for (let to = 0; to < canvas.rows; to += 1) canvas.put(to, column, glyphs.guide.upright, "faint");
    const width = displayWidth(label);
    const beside = column + 2 + width <= columns ? column + 2 : column - 1 - width;
    const [labelRow, start] = axis === "y" ? [row, columns - width - 1] : [canvas.rows - 1, beside];
    if (start < 0) continue;
    for (const [offset, character] of [...label].entries()) canvas.put(labelRow, start + offset, character, "faint");
  }
}

function drawBands({ series, pen: { glyphs } }: PlotInput, x: XScale, y: YScale, canvas: Canvas): void {
  for (const { line } of series.filter(({ band }) => band)) {
    for (const { column, low, high } of bandParts(line, x)) {
      const highest = Math.round(y.row(high));
      for (let row = Math.round(y.row(low)); row <= highest; row += 1) canvas.put(row, column, glyphs.band, "faint");
    }
  }
}

/** Lines below whiskers below marks, so that what was measured is never hidden by what joins it. */
function drawData({ series, pen: { glyphs } }: PlotInput, x: XScale, y: YScale, canvas: Canvas): void {
  for (const [index, { line }] of series.entries()) {
    for (const spot of drawLine(line, x, y, canvas.rows - 1, ofSeries(glyphs.strokes, index))) {
      canvas.put(spot.row, spot.column, spot.character, index);
    }
  }
  for (const [index, { points }] of series.entries()) {
    for (const point of points) {
      if (point.low === point.high) continue;
      const highest = Math.round(y.row(point.high));
      for (let row = Math.round(y.row(point.low)); row <= highest; row += 1) {
        canvas.put(row, Math.round(x.column(point.x)), glyphs.whisker, index);
      }
    }
  }
}

/** Draws the marks; true if some had to share a place. */
function drawMarks({ series, pen: { glyphs } }: PlotInput, x: XScale, y: YScale, canvas: Canvas): boolean {
  const owners = new Map<string, number>();
  let shared = false;
  for (const [index, { points }] of series.entries()) {
    for (const point of points) {
      const [row, column] = [Math.round(y.row(point.y)), Math.round(x.column(point.x))];
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
  x: XScale,
  margin: number,
  columns: number,
): Line[] {
  const canvas = new Canvas(2, columns);
  for (let column = 0; column < columns; column += 1) canvas.put(1, column, glyphs.axis.level, "faint");
  for (const { column, label } of xTicks(triedLevels(series), x, columns, axis.unit)) {
    canvas.put(1, column, glyphs.axis.xTick, "faint");
    for (const [offset, character] of [...(label?.text ?? "")].entries()) {
      canvas.put(0, label!.start + offset, character, "faint");
    }
  }
  for (const [index, { absent }] of series.entries()) {
    for (const point of absent) canvas.put(1, Math.round(x.column(point.x)), glyphs.failed, index);
  }
  return [
    [piece(" ".repeat(margin) + glyphs.axis.corner, "faint"), ...canvas.line(1)],
    [piece(" ".repeat(margin + 1), "faint"), ...canvas.line(0)],
  ];
}
