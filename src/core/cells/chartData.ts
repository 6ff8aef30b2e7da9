import { isFigure } from "../domain/format.ts";
import type { Pen } from "./pen.ts";
import type { PlacedPoint } from "./polyline.ts";

/** A chart as plain data. */
export interface Chart {
  readonly title: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** What `low` and `high` of the points are, such as `95 % interval`. */
  readonly whiskers?: string;
  /** The same of curves. */
  readonly bands?: string;
  /** Sentences to print under the chart. */
  readonly remarks?: readonly string[];
  /** Straight lines behind the data, such as a goal. */
  readonly guides?: readonly Guide[];
  /** False where the last point of a series means nothing of its own, as in a scatter plot; true unless given. */
  readonly lastValues?: boolean;
}

/** A line at one value of an axis, across the whole plot. */
export interface Guide {
  readonly axis: "x" | "y";
  readonly at: number;
  readonly label?: string;
}

export interface ChartAxis {
  readonly label: string;
  /** Unit of the values, which decides how they are written; see `formatFigure`. */
  readonly unit: string;
  /** Of a y axis whose values are all above 0; linear unless given. */
  readonly scale?: "log";
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  /**
   * What the line follows, with its band from `low` to `high`; the points stand free then. An empty list draws no line.
   * Unless given, the line joins the points.
   */
  readonly curve?: readonly ChartPoint[];
}

export interface ChartPoint {
  readonly x: number;
  /** Absent where the level was tried and gave no value. */
  readonly y?: number | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Why this point is not like the others, in a word or two; a point without y and with a note stands on the x axis. */
  readonly note?: string | undefined;
}

/** A point that can be drawn. */
export interface DrawnPoint extends PlacedPoint {
  readonly low: number;
  readonly high: number;
  readonly note?: string;
}

export interface DrawnSeries {
  readonly name: string;
  /** Points with a figure, in the order of x. */
  readonly points: readonly DrawnPoint[];
  /** Where a level was tried and has no figure, and why. */
  readonly absent: readonly { readonly x: number; readonly note: string }[];
  /** What the line joins, in the order of x. */
  readonly line: readonly DrawnPoint[];
  /** The line has a band of its own. */
  readonly band: boolean;
}

/** Beyond this, differences of figures are no longer safe to reckon with. */
const LARGEST = 1e100;

/** Leaves out what has no place on a chart, and puts points in order. */
export function drawable(series: readonly ChartSeries[], pen: Pen): DrawnSeries[] {
  return series.map(({ name, points, curve }) => {
    const placed = inOrder(points);
    const drawn = withFigures(placed, pen);
    const line = curve ? withFigures(inOrder(curve), pen) : drawn;
    return {
      name: pen.clean(name),
      points: drawn,
      absent: placed.flatMap(({ x, y, note }) => (!isDrawable(y) && note ? [{ x, note: pen.clean(note) }] : [])),
      line,
      band: curve !== undefined && line.some(({ low, high }) => low < high),
    };
  });
}

function inOrder<T extends { readonly x: number }>(points: readonly T[]): T[] {
  return points.filter((point) => isDrawable(point.x)).sort((a, b) => a.x - b.x);
}

function withFigures(points: readonly ChartPoint[], pen: Pen): DrawnPoint[] {
  return points.flatMap(({ x, y, low, high, note }) => {
    if (!isDrawable(y)) return [];
    const range = { low: isDrawable(low) ? Math.min(low, y) : y, high: isDrawable(high) ? Math.max(high, y) : y };
    return [{ x, y, ...range, ...(note && { note: pen.clean(note) }) }];
  });
}

function isDrawable(value: number | undefined): value is number {
  return isFigure(value) && Math.abs(value) < LARGEST;
}

/** Whether figures are told apart better on a log scale: all are above 0, and the most is more than ten times the least. */
export function spansDecades(series: readonly ChartSeries[]): boolean {
  const values = series.flatMap(({ points, curve = [] }) => [...points, ...curve].flatMap(({ y }) => y ?? []));
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) > 10 * least;
}

/** Every x that a series has something measured at. */
export function triedLevels(series: readonly DrawnSeries[]): number[] {
  return series.flatMap(({ points, absent }) => [...points, ...absent].map(({ x }) => x));
}

/** Both ends of every line. */
export function lineEnds(series: readonly DrawnSeries[]): number[] {
  return series.flatMap(({ line }) => [line[0], line.at(-1)].flatMap((point) => point?.x ?? []));
}

/** Guides that can be drawn, their labels made fit. */
export function drawableGuides(guides: readonly Guide[], pen: Pen): Guide[] {
  return guides.flatMap((guide) =>
    isDrawable(guide.at) ? [{ ...guide, ...(guide.label && { label: pen.clean(guide.label) }) }] : [],
  );
}
