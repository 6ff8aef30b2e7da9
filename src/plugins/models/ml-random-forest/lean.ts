import type { RandomForestRegression } from "ml-random-forest";

/**
 * A tree as plain data, nodes in preorder: the left child of node i is node i + 1, the right one `right[i]`. At a leaf
 * `right[i]` is 0 and `value[i]` the figure; elsewhere rows with `x[feature[i]] < value[i]` go left.
 */
interface LeanTree {
  readonly feature: readonly number[];
  readonly value: readonly number[];
  readonly right: readonly number[];
}

/** A forest with no more than predicting needs, which passes quickly from thread to thread and into files. */
export type Lean = readonly LeanTree[];

interface Node {
  readonly distribution?: number;
  readonly splitValue?: number;
  readonly splitColumn?: number;
  readonly left?: Node;
  readonly right?: Node;
}

export function lean(forest: RandomForestRegression): Lean {
  const { baseModel } = JSON.parse(JSON.stringify(forest.toJSON())) as {
    baseModel: { estimators: readonly { root: Node }[]; indexes: readonly (readonly number[])[] };
  };
  return baseModel.estimators.map(({ root }, k) => flat(root, baseModel.indexes[k]!));
}

/** The mean of the trees for each row of `x`. */
export function predictLean(forest: Lean, x: readonly (readonly number[])[]): number[] {
  return x.map((row) => forest.reduce((sum, tree) => sum + predictTree(tree, row), 0) / forest.length);
}

function predictTree({ feature, value, right }: LeanTree, row: readonly number[]): number {
  let node = 0;
  while (right[node]! > 0) node = row[feature[node]!]! < value[node]! ? node + 1 : right[node]!;
  return value[node]!;
}

/** `columns`: which factor each column of the tree is. */
function flat(root: Node, columns: readonly number[]): LeanTree {
  const [feature, value, right]: [number[], number[], number[]] = [[], [], []];
  const add = (node: Node): void => {
    const place = right.length;
    const split = node.left !== undefined && node.right !== undefined;
    feature.push(split ? columns[node.splitColumn!]! : 0);
    value.push(split ? node.splitValue! : node.distribution!);
    right.push(0);
    if (!split) return;
    add(node.left!);
    right[place] = right.length;
    add(node.right!);
  };
  add(root);
  return { feature, value, right };
}
