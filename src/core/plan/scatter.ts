import { type LevelKey, quantities } from "../domain/factors.ts";
import type { Point } from "../domain/point.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { random, shuffled } from "../statistics/random.ts";
import { gridPoints } from "./grid.ts";

/** Points for each factor that varies, without a wish: Loeppky, Sacks and Welch, Technometrics 51 (2009). */
const pointsPerFactor = 10;
/** Designs to choose from, fewer where there are many points to compare. */
const mostDesigns = 50;
const mostComparisons = 1_000_000;

/** A factor that varies between its lowest and its highest level. */
interface Axis {
  readonly key: LevelKey;
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
  const firstLevels = quantities().map(({ key }) => [key, spec[key].slice(0, 1)]);
  const combinations = gridPoints({ ...spec, ...Object.fromEntries(firstLevels) });
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
  return quantities()
    .map(({ key, quantity: { round } }) => ({ key, low: Math.min(...spec[key]), high: Math.max(...spec[key]), round }))
    .filter(({ low, high }) => low < high);
}

/** `row`: a place between 0 and 1 on each axis. */
function levelsAt(axes: readonly Axis[], row: readonly number[]): Partial<Point> {
  const level = ({ low, high, round }: Axis, place: number) =>
    Math.min(high, Math.max(low, round(low * (high / low) ** place)));
  return Object.fromEntries(axes.map((axis, at) => [axis.key, level(axis, row[at]!)]));
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
