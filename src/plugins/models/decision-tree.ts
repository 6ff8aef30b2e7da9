import { modelOnLevels } from "./shared/define.ts";
import { sortedColumns } from "./trees/columns.ts";
import { growTree } from "./trees/grow.ts";
import { leavesOf, predictTree, type Tree } from "./trees/tree.ts";

const MINIMUM_LEAF = 2;

/**
 * One regression tree on all rows, with two rows or more to a leaf: each leaf answers with the geometric mean of its
 * rows, since it learns logarithms. `fit` throws where figures are not above 0.
 */
export default modelOnLevels<{ readonly tree: Tree }>({
  id: "decision-tree",
  title: "Decision tree",
  learner: "the decision tree",
  comparisonOnly: true,
  minimumRows: 4,
  fit({ factors, x, y }) {
    const columns = sortedColumns({ factors, x, y: y.map(Math.log) });
    const growth = { minimumLeaf: MINIMUM_LEAF, factorsPerSplit: Math.max(1, factors.length) };
    // All factors are tried at each split; which of equally good ones wins is the same each time.
    return { tree: growTree(columns, new Float64Array(y.length).fill(1), growth, () => 0) };
  },
  predict: ({ tree }, x) => x.map((row) => Math.exp(predictTree(tree, row))),
  explain: ({ tree }) => [{ name: "leaves", value: leavesOf(tree), unit: "" }],
});
