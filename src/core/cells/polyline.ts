import asciichart from "asciichart";
import type { XScale, YScale } from "./scale.ts";

/** A place on a canvas and what stands there. */
export interface Spot {
  readonly row: number;
  readonly column: number;
  readonly character: string;
}

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
): Spot[] {
  if (points.length < 2) return [];
  const first = Math.round(x.column(points[0]!.x));
  const last = Math.round(x.column(points.at(-1)!.x));
  const edges = Array.from({ length: last - first + 2 }, (_, index) => x.at(first - 0.5 + index));
  const heights = edges.map((edge) => Math.min(top, Math.max(0, y.row(heightAt(points, edge)))));
  // One column for asciichart's own axis, which is cut off again.
  const plot = asciichart.plot(heights, { min: 0, max: top, height: top, offset: 1, format: () => " ", symbols });
  return plot.split("\n").flatMap((line, index) => spots(line.slice(1), top - index, first));
}

function spots(line: string, row: number, first: number): Spot[] {
  return Array.from(line.matchAll(/\S/g), ({ 0: character, index }) => ({ row, column: first + index, character }));
}

/** The range that a band takes in one column. */
export interface BandPart {
  readonly column: number;
  readonly low: number;
  readonly high: number;
}

/** The band along a line in the order of x, column by column from its first point to its last. */
export function bandParts(line: readonly (PlacedPoint & { low: number; high: number })[], x: XScale): BandPart[] {
  if (line.length < 2) return [];
  const first = Math.round(x.column(line[0]!.x));
  const last = Math.round(x.column(line.at(-1)!.x));
  const [lows, highs] = [
    line.map((point) => ({ ...point, y: point.low })),
    line.map((point) => ({ ...point, y: point.high })),
  ];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = x.at(first + index);
    return { column: first + index, low: heightAt(lows, at), high: heightAt(highs, at) };
  });
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
