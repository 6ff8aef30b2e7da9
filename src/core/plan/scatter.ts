import type { Point } from "../domain/point.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { random, shuffled } from "../statistics/random.ts";
import { gridPoints } from "./grid.ts";

/** Points for each factor that varies, without a wish: Loeppky, Sacks and Welch, Technometrics 51 (2009). */
const pointsPerFactor = 10;
/** Designs to choose from, fewer where there are many points to compare. */
const mostDesigns = 50;
const mostComparisons = 1_000_000;
const MiB = 2 ** 20;

/** A factor that varies between its lowest and its highest level. */
interface Axis {
  readonly factor: "cpu" | "memoryBytes" | "servers" | "concurrency";
  readonly low: number;
  readonly high: number;
  readonly round: (level: number) => number;
}

/**
 * Space-filling points: between the lowest and the highest level of each factor, on log scales and both included, a Latin
 * hypercube (McKay, Beckman and Conover, Technometrics 21, 1979), of several the one whose nearest points are farthest apart
 * (maximin: Johnson, Moore and Ylvisaker, 1990). All proxies, limiters and load tools get the same points, so that they can
 * be compared. Deterministic for the seed of the spec.
 */
export function scatteredPoints(spec: SweepSpec): Point[] {
  const axes = axesOf(spec);
  const combinations = gridPoints({
    ...spec,
    cpu: spec.cpu.slice(0, 1),
    memoryBytes: spec.memoryBytes.slice(0, 1),
    servers: spec.servers.slice(0, 1),
    concurrency: spec.concurrency.slice(0, 1),
  });
  const design = spread(countOf(spec, combinations.length, axes.length), axes.length, random(spec.seed));
  return combinations.flatMap((point) => design.map((row) => ({ ...point, ...levelsAt(axes, row) })));
}

/** Points of each combination, so that with repetitions the trials are no more than wanted. */
function countOf({ trials, replicates, anchors = 0 }: SweepSpec, combinations: number, axes: number): number {
  if (trials === undefined) return axes === 0 ? 1 : pointsPerFactor * axes;
  const repeated = Math.min(anchors, Math.floor(trials / 3)); // anchors are half as many as other trials at most
  return Math.max(1, Math.floor((trials - repeated) / (combinations * replicates)));
}

function axesOf(spec: SweepSpec): Axis[] {
  const axis = (factor: Axis["factor"], round: Axis["round"]): Axis => {
    const levels = spec[factor];
    return { factor, low: Math.min(...levels), high: Math.max(...levels), round };
  };
  return [
    axis("cpu", (cores) => Number(cores.toPrecision(3))),
    axis("memoryBytes", (bytes) => MiB * Math.round(bytes / MiB)),
    axis("servers", Math.round),
    axis("concurrency", Math.round),
  ].filter(({ low, high }) => low < high);
}

/** `row`: a place between 0 and 1 on each axis. */
function levelsAt(axes: readonly Axis[], row: readonly number[]): Partial<Point> {
  const level = ({ low, high, round }: Axis, place: number) =>
    Math.min(high, Math.max(low, round(low * (high / low) ** place)));
  return Object.fromEntries(axes.map((axis, at) => [axis.factor, level(axis, row[at]!)]));
}

/** So many rows of places on so many axes. */
function spread(rows: number, axes: number, draw: () => number): number[][] {
  const designs = Math.max(1, Math.min(mostDesigns, Math.floor(mostComparisons / rows ** 2)));
  const drawn = Array.from({ length: designs }, () => latinHypercube(rows, axes, draw));
  return drawn.reduce((best, one) => (nearest(one) > nearest(best) ? one : best));
}

function latinHypercube(rows: number, axes: number, draw: () => number): number[][] {
  const places = Array.from({ length: rows }, (_, row) => (rows === 1 ? 0.5 : row / (rows - 1)));
  const columns = Array.from({ length: axes }, () => shuffled(places, draw));
  return places.map((_, row) => columns.map((column) => column[row]!));
}

/** The least squared distance of two rows. */
function nearest(rows: readonly (readonly number[])[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, a] of rows.entries())
    for (const b of rows.slice(index + 1)) {
      const squared = a.reduce((sum, place, at) => sum + (place - b[at]!) ** 2, 0);
      if (squared < least) least = squared;
    }
  return least;
}
