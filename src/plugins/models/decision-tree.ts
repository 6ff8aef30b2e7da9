import { defineModel, type Training } from "../../core/contract/index.ts";
import { checkLevels, checkTraining } from "./shared/check.ts";
import { inOrder } from "./shared/order.ts";
import { growTree } from "./trees/grow.ts";
import { tableOf } from "./trees/table.ts";
import { leavesOf, predictTree, type Tree } from "./trees/tree.ts";

interface State {
  readonly factors: readonly string[];
  /** Of logarithms. */
  readonly tree: Tree;
}

const MINIMUM_ROWS = 4;
const MINIMUM_LEAF = 2;

/**
 * One regression tree on all rows, with two rows or more to a leaf: each leaf answers with the geometric mean of its
 * rows, since it learns logarithms. `fit` throws where figures are not above 0.
 */
export default defineModel({
  id: "decision-tree",
  title: "Decision tree",
  comparisonOnly: true,
  minimumRows: MINIMUM_ROWS,
  fit,
  predict(state, x) {
    const { factors, tree } = state as State;
    checkLevels(factors, x);
    return x.map((row) => Math.exp(predictTree(tree, row)));
  },
  explain: (state) => [{ name: "leaves", value: leavesOf((state as State).tree), unit: "" }],
});

function fit(training: Training): State {
  checkTraining(training, { model: "the decision tree", minimumRows: MINIMUM_ROWS, positive: true });
  const { factors, x, y } = inOrder(training);
  const table = tableOf({ factors, x, y: y.map(Math.log) });
  const growth = { minimumLeaf: MINIMUM_LEAF, factorsPerSplit: Math.max(1, factors.length) };
  // All factors are tried at each split; which of equally good ones wins is the same each time.
  return { factors, tree: growTree(table, new Float64Array(y.length).fill(1), growth, () => 0) };
}
