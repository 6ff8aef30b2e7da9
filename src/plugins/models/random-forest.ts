import { RandomForestRegression } from "ml-random-forest";
import { defineModel, type Training } from "../../core/contract/index.ts";

interface State {
  /** Number of factors. */
  readonly columns: number;
  readonly forest: Model;
}

type Model = ReturnType<RandomForestRegression["toJSON"]>;

interface Node {
  readonly distribution?: number;
  readonly splitValue?: number;
  readonly splitColumn?: number;
  readonly left?: Node;
  readonly right?: Node;
}

const MINIMUM_ROWS = 5;
const OPTIONS = {
  nEstimators: 50,
  maxFeatures: 1.0,
  replacement: false,
  useSampleBagging: true,
  noOOB: true,
  selectionMethod: "mean" as const,
  treeOptions: { minNumSamples: 2, gainThreshold: -1 },
};
/** Forests by the state they were loaded from, so that asking often costs one loading. */
const loaded = new WeakMap<State, RandomForestRegression>();

/**
 * Random forest of ml-random-forest 2.1.0, on the figures as measured. It has defects; what is done about each:
 *
 * - A node that would split its rows perfectly is not split. Up to a millionth of the range is added to the figures, so
 *   that no first split is perfect, and `gainThreshold` below 0 lets perfect splits further down pass.
 * - Training throws where few trees leave a row without an out-of-bag prediction: these are not computed (`noOOB`).
 * - A fractional `maxFeatures` may round to no features, and `maxSamples` takes the first rows: all features, all rows.
 * - NaN goes to the right of every split without a word: refused here.
 * - Its JSON repeats all options in every node: only what loading needs is kept.
 */
export default defineModel({
  id: "random-forest",
  title: "Random forest",
  minimumRows: MINIMUM_ROWS,
  fit(training, seed): State {
    check(training, seed);
    const forest = new RandomForestRegression({ ...OPTIONS, seed });
    forest.train(
      training.x.map((row) => [...row]),
      unsettle(training.y),
    );
    return { columns: training.factors.length, forest: lean(JSON.parse(JSON.stringify(forest.toJSON()))) };
  },
  predict(state, x) {
    const { columns } = state as State;
    x.forEach((row, i) => {
      if (row.length !== columns || !row.every(Number.isFinite)) throw new Error(`row ${i} is not ${columns} numbers`);
    });
    return x.length === 0 ? [] : load(state as State).predict(x.map((row) => [...row]));
  },
});

function check({ factors, x, y }: Training, seed: number): void {
  if (y.length < MINIMUM_ROWS) throw new Error(`the random forest needs ${MINIMUM_ROWS} rows, got ${y.length}`);
  if (!Number.isInteger(seed)) throw new Error(`the seed must be a whole number, is ${seed}`);
  y.forEach((figure, i) => {
    const row = x[i] ?? [];
    const complete = row.length === factors.length && row.every(Number.isFinite);
    if (!complete || !Number.isFinite(figure)) throw new Error(`row ${i} has a level or figure that is not a number`);
  });
}

/** The figures, each raised by its own part of a millionth of their range. */
function unsettle(y: readonly number[]): number[] {
  const most = Math.max(...y);
  const range = most - Math.min(...y) || Math.abs(most) || 1;
  return y.map((figure, i) => figure + 1e-6 * range * ((i * 0.618034) % 1));
}

function load(state: State): RandomForestRegression {
  const known = loaded.get(state);
  if (known) return known;
  const forest = RandomForestRegression.load(state.forest);
  loaded.set(state, forest);
  return forest;
}

function lean(model: Model): Model {
  const trees = model.baseModel.estimators as unknown as { name: string; options: object; root: Node }[];
  const estimators = trees.map(({ name, options, root }) => ({ name, options, root: prune(root) }));
  return { ...model, baseModel: { ...model.baseModel, estimators: estimators as never } };
}

function prune({ distribution, splitValue, splitColumn, left, right }: Node): Node {
  if (!left || !right) return { distribution: distribution! };
  return { splitValue: splitValue!, splitColumn: splitColumn!, left: prune(left), right: prune(right) };
}
