import { defineModel, type Training } from "../../core/contract/index.ts";
import { type Axis, axesOf, coordinates } from "./shared/axes.ts";
import { checkTraining } from "./shared/check.ts";
import { inOrder } from "./shared/order.ts";

interface State {
  readonly axes: readonly Axis[];
  readonly points: readonly Point[];
}

/** A configuration with all its replicates. */
interface Point {
  readonly at: readonly number[];
  /** Mean logarithm of its figures. */
  readonly log: number;
  readonly rows: number;
}

const MINIMUM_ROWS = 3;
const NEIGHBOURS = 4;

/**
 * The geometric mean of the four nearest configurations, weighted by the inverse square of their distance (Shepard, "A
 * two-dimensional interpolation function for irregularly-spaced data", 1968). Distances are taken along standardised
 * factors, in logarithms where their levels are above 0. At a measured configuration it answers what was measured
 * there. `fit` throws where figures are not above 0.
 */
export default defineModel({
  id: "k-nearest",
  title: "Nearest configurations",
  comparisonOnly: true,
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { axes, points } = state as State;
    return x.map((row) => Math.exp(average(nearest(points, coordinates(axes, row)))));
  },
});

function fit(training: Training): State {
  checkTraining(training, { model: "the nearest configurations", minimumRows: MINIMUM_ROWS, positive: true });
  const { factors, x, y } = inOrder(training);
  const axes = axesOf({ factors, x, y });
  const placed = y.map((figure, i) => ({ at: coordinates(axes, x[i]!), log: Math.log(figure) }));
  const points = [...Map.groupBy(placed, ({ at }) => at.join()).values()].map((rows) => ({
    at: rows[0]!.at,
    log: rows.reduce((sum, { log }) => sum + log, 0) / rows.length,
    rows: rows.length,
  }));
  return { axes, points };
}

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
