import { fitRidge, predictRidge, type Ridge } from "./polynomial/ridge.ts";
import { modelOnAxes } from "./shared/define.ts";

/**
 * Polynomial of degree 2 with all interactions: the logarithm of the figure on the logarithms of the factors (factors
 * with levels at or below 0: as they are), held back by a ridge, so that it also answers where the rows are fewer than
 * its terms. Outside the rows it bends away. `fit` throws where figures are not above 0.
 */
export default modelOnAxes<{ readonly ridge: Ridge }>({
  id: "polynomial",
  title: "Polynomial of logarithms, degree 2",
  learner: "the polynomial",
  minimumRows: 5,
  fit: ({ points, logs }) => ({ ridge: fitRidge(points.map(terms), logs) }),
  predict: ({ ridge }, point) => predictRidge(ridge, terms(point)),
  explain: ({ ridge }) => [{ name: "scatter of rows left out", value: 100 * ridge.heldOutError, unit: "%" }],
});

/** A constant (so that there is a term even where no factor varies), the coordinates, and the products of every two. */
function terms(z: readonly number[]): number[] {
  return [1, ...z, ...z.flatMap((a, i) => z.slice(i).map((b) => a * b))];
}
