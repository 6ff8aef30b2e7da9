import asciichart from "asciichart";
import type { XScale, YScale } from "./scale.ts";

/** A point of a line. */
export interface PlacedPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * The line through points in the order of x, drawn by asciichart; it never reaches beyond them.
 * asciichart knows equal steps only and gives the step between two values one column. So it is handed the heights at the
 * edges of the columns, in rows: a column then shows the way from its left edge to its right one, and passes its middle,
 * where a mark may stand.
 */
export function drawLine(
  points: readonly PlacedPoint[],
  x: XScale,
  y: YScale,
  top: number,
  symbols: readonly string[],
) {
  if (points.length < 2) return [];
  const [first, last] = endColumns(points, x);
  const placed = points.map((point) => ({ x: point.x, y: y.row(point.y) }));
  const edges = Array.from({ length: last - first + 2 }, (_, index) => x.at(first - 0.5 + index));
  const heights = edges.map((edge) => Math.min(top, Math.max(0, heightAt(placed, edge))));
  // One column for asciichart's own axis, which is cut off again.
  const plot = asciichart.plot(heights, { min: 0, max: top, height: top, offset: 1, format: () => " ", symbols });
  return plot.split("\n").flatMap((line, index) => spots(line.slice(1), top - index, first));
}

/** The characters of a line, each with its place. */
function spots(line: string, row: number, first: number) {
  return Array.from(line.matchAll(/\S/g), ({ 0: character, index }) => ({ row, column: first + index, character }));
}

/** The rows that the band along a line takes, column by column from its first point to its last. */
export function bandParts(line: readonly (PlacedPoint & { low: number; high: number })[], x: XScale, y: YScale) {
  if (line.length < 2) return [];
  const [first, last] = endColumns(line, x);
  const lows = line.map((point) => ({ x: point.x, y: y.row(point.low) }));
  const highs = line.map((point) => ({ x: point.x, y: y.row(point.high) }));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = x.at(first + index);
    return { column: first + index, low: Math.round(heightAt(lows, at)), high: Math.round(heightAt(highs, at)) };
  });
}

function endColumns(points: readonly PlacedPoint[], x: XScale): [first: number, last: number] {
  return [Math.round(x.column(points[0]!.x)), Math.round(x.column(points.at(-1)!.x))];
}

/** Height at an x, linear between neighbours, level beyond the ends. */
function heightAt(points: readonly PlacedPoint[], x: number): number {
  const next = points.findIndex((point) => point.x >= x);
  if (next === -1) return points.at(-1)!.y;
  const right = points[next]!;
  const left = points[next - 1];
  if (!left) return right.y;
  return left.y + ((x - left.x) / (right.x - left.x)) * (right.y - left.y);
}
