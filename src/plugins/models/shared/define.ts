import { defineModel, type ModelParameter, type ModelPlugin, type Training } from "../../../core/contract/index.ts";
import { axesOf, coordinates, type FactorAxis } from "./axes.ts";
import { checkLevels, checkTraining, inOrder } from "./check.ts";

interface Described<State> {
  readonly id: string;
  readonly title: string;
  /** Its name in messages. */
  readonly learner: string;
  readonly comparisonOnly?: boolean;
  readonly minimumRows: number;
  explain?(state: State): ModelParameter[];
}

interface Hooks<State> extends Described<State> {
  /** Figures may be any numbers; else they must be above 0, since their logarithms are learned. */
  readonly anyFigures?: boolean;
  /** The rows come as they were measured; else sorted, so that their order does not matter. */
  readonly unsorted?: boolean;
  fit(training: Training, seed: number): State;
  predict(state: State, x: readonly (readonly number[])[]): number[];
}

/** A model that is given only rows it can learn from; `fit` throws for others. */
export function modelOf<State>({ learner, anyFigures, unsorted, explain, ...model }: Hooks<State>): ModelPlugin {
  return defineModel({
    ...model,
    fit(training, seed) {
      checkTraining(training, learner, model.minimumRows, !anyFigures);
      return model.fit(unsorted ? training : inOrder(training), seed);
    },
    predict: (state, x) => model.predict(state as State, x),
    ...(explain && { explain: (state: unknown) => explain(state as State) }),
  });
}

/** The same for a model that is asked only for levels that are numbers, one for each factor of its training. */
export function modelOnLevels<State extends object>(model: Hooks<State>): ModelPlugin {
  return modelOf<State & Pick<Training, "factors">>({
    ...model,
    fit: (training, seed) => ({ factors: training.factors, ...model.fit(training, seed) }),
    predict(state, x) {
      checkLevels(state.factors, x);
      return model.predict(state, x);
    },
  });
}

/** Rows as points along axes, with the logarithms of their figures. */
export interface Placed {
  readonly axes: readonly FactorAxis[];
  readonly points: readonly (readonly number[])[];
  readonly logs: readonly number[];
}

interface OnAxes<State> extends Described<State & Pick<Placed, "axes">> {
  fit(rows: Placed): State;
  /** Logarithm of the figure at a point. */
  predict(state: State, point: readonly number[]): number;
}

/** The same for a model of the logarithms of figures along the axes of its training. */
export function modelOnAxes<State extends object>(model: OnAxes<State>): ModelPlugin {
  return modelOf<State & Pick<Placed, "axes">>({
    ...model,
    fit(training) {
      const axes = axesOf(training);
      const points = training.x.map((row) => coordinates(axes, row));
      return { axes, ...model.fit({ axes, points, logs: training.y.map(Math.log) }) };
    },
    predict: (state, x) => x.map((row) => Math.exp(model.predict(state, coordinates(state.axes, row)))),
  });
}
