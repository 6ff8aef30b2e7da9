import type { RandomForestRegression } from "ml-random-forest";

/** A forest as plain data, with no more than `RandomForestRegression.load` needs. */
export type Lean = ReturnType<RandomForestRegression["toJSON"]>;

interface Node {
  readonly distribution?: number;
  readonly splitValue?: number;
  readonly splitColumn?: number;
  readonly left?: Node;
  readonly right?: Node;
}

export function lean(forest: RandomForestRegression): Lean {
  const model: Lean = JSON.parse(JSON.stringify(forest.toJSON()));
  const trees = model.baseModel.estimators as unknown as { name: string; options: object; root: Node }[];
  const estimators = trees.map(({ name, options, root }) => ({ name, options, root: prune(root) }));
  return { ...model, baseModel: { ...model.baseModel, estimators: estimators as never } };
}

function prune({ distribution, splitValue, splitColumn, left, right }: Node): Node {
  if (!left || !right) return { distribution: distribution! };
  return { splitValue: splitValue!, splitColumn: splitColumn!, left: prune(left), right: prune(right) };
}
