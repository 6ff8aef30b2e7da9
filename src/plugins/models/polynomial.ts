import { defineModel, type Training } from "../../core/contract/index.ts";
import { fitRidge, predictRidge, type Ridge } from "./polynomial/ridge.ts";
import { type Axis, axesOf, coordinates } from "./shared/axes.ts";
import { checkTraining } from "./shared/check.ts";
import { inOrder } from "./shared/order.ts";

interface State {
  readonly axes: readonly Axis[];
  readonly ridge: Ridge;
}

const MINIMUM_ROWS = 5;

/**
 * Polynomial of degree 2 with all interactions: the logarithm of the figure on the logarithms of the factors (factors
 * with levels at or below 0: as they are), held back by a ridge, so that it also answers where the rows are fewer than
 * its terms. Outside the rows it bends away. `fit` throws where figures are not above 0.
 */
export default defineModel({
  id: "polynomial",
  title: "Polynomial of logarithms, degree 2",
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { axes, ridge } = state as State;
    return x.map((row) => Math.exp(predictRidge(ridge, terms(coordinates(axes, row)))));
  },
  explain: (state) => [
    { name: "scatter of rows left out", value: 100 * (state as State).ridge.heldOutError, unit: "%" },
  ],
});

function fit(training: Training): State {
  checkTraining(training, { model: "the polynomial", minimumRows: MINIMUM_ROWS, positive: true });
  const { factors, x, y } = inOrder(training);
  const axes = axesOf({ factors, x, y });
  const features = x.map((row) => terms(coordinates(axes, row)));
  return { axes, ridge: fitRidge(features, y.map(Math.log)) };
}

/** A constant (so that there is a term even where no factor varies), the coordinates, and the products of every two. */
function terms(z: readonly number[]): number[] {
  return [1, ...z, ...z.flatMap((a, i) => z.slice(i).map((b) => a * b))];
}
