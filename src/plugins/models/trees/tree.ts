/**
 * A regression tree as plain data, nodes in preorder: the left child of node i is node i + 1, the right one
 * `right[i]`. At a leaf `right[i]` is 0 and `value[i]` the figure; elsewhere rows with `x[feature[i]] <= value[i]` go left.
 */
export interface Tree {
  readonly feature: readonly number[];
  readonly value: readonly number[];
  readonly right: readonly number[];
}

export function predictTree({ feature, value, right }: Tree, row: readonly number[]): number {
  let node = 0;
  while (right[node]! > 0) node = row[feature[node]!]! <= value[node]! ? node + 1 : right[node]!;
  return value[node]!;
}

export function leavesOf({ right }: Tree): number {
  return right.filter((child) => child === 0).length;
}
