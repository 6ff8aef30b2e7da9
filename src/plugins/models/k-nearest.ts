import { modelOnAxes } from "./shared/define.ts";

/** A configuration with all its replicates. */
interface Point {
  readonly at: readonly number[];
  /** Mean logarithm of its figures. */
  readonly log: number;
  readonly rows: number;
}

const NEIGHBOURS = 4;

/**
 * The geometric mean of the four nearest configurations, weighted by the inverse square of their distance (Shepard, "A
 * two-dimensional interpolation function for irregularly-spaced data", 1968). Distances are taken along standardised
 * factors, in logarithms where their levels are above 0. At a measured configuration it answers what was measured
 * there. `fit` throws where figures are not above 0.
 */
export default modelOnAxes<{ readonly points: readonly Point[] }>({
  id: "k-nearest",
  title: "Nearest configurations",
  learner: "the nearest configurations",
  comparisonOnly: true,
  minimumRows: 3,
  fit({ points, logs }) {
    const placed = points.map((at, i) => ({ at, log: logs[i]! }));
    const configurations = [...Map.groupBy(placed, ({ at }) => at.join()).values()].map((rows) => ({
      at: rows[0]!.at,
      log: rows.reduce((sum, { log }) => sum + log, 0) / rows.length,
      rows: rows.length,
    }));
    return { points: configurations };
  },
  predict: ({ points }, point) => average(nearest(points, point)),
});

interface Neighbour extends Point {
  /** Squared distance. */
  readonly squared: number;
}

/** The nearest points, and those as far away as the last of them. */
function nearest(points: readonly Point[], at: readonly number[]): Neighbour[] {
  const sorted = points
    .map((point) => ({ ...point, squared: point.at.reduce((sum, value, i) => sum + (value - at[i]!) ** 2, 0) }))
    .sort((a, b) => a.squared - b.squared);
  const reach = sorted[NEIGHBOURS - 1]?.squared ?? Infinity;
  return sorted.filter(({ squared }) => squared <= reach);
}

function average(neighbours: readonly Neighbour[]): number {
  const [first] = neighbours as [Neighbour];
  if (first.squared === 0) return first.log;
  // Distances in parts of the least, whose square may be too small to be divided by.
  const weights = neighbours.map(({ rows, squared }) => rows * (first.squared / squared));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return neighbours.reduce((sum, { log }, i) => sum + (weights[i]! / total) * log, 0);
}
