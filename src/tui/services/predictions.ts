import {
  coverageOf,
  type Learned,
  learn,
  type Model,
  type Predictor,
  predict,
  predictCurve,
  type Refused,
  recommend,
  targetsOf,
} from "../../core/answer/index.ts";
import type { LearnedFigure } from "../../core/domain/figures.ts";
import type { Engine } from "../../core/engine.ts";
import { door } from "../../core/hosting/door.ts";
import type { ModelComparison, Question, Services } from "../services.ts";

const curvePoints = 40;
const confidence = 0.9;

/** The part of the services that asks the predictor. What was learned is kept until further trials are stored. */
export function predictions(
  engine: () => Promise<Engine>,
): Pick<Services, "predict" | "curve" | "recommend" | "models"> {
  const learned = new Map<string, { readonly trials: number; readonly answer: Promise<Learned | Refused> }>();

  async function learnFigures(
    about: Question,
    targets: readonly LearnedFigure[],
    all = false,
  ): Promise<Learned | Refused> {
    const { registry, store } = await engine();
    const { proxy, loadTool, limiter, role, model } = about;
    const filter = { proxy, ...(loadTool && { loadTool }), ...(limiter && { limiter }), ...(role && { role }) };
    const trials = store.trials(filter);
    const key = JSON.stringify([about, targets, all]);
    const known = learned.get(key);
    if (known?.trials === trials.length) return known.answer;
    const models: Model[] = registry.list("model").map(({ plugin }) => door.model(plugin));
    const wanted = models.filter(({ id, comparisonOnly }) => (model ? id === model : all || !comparisonOnly));
    const answer = learn(wanted, trials, targets);
    learned.set(key, { trials: trials.length, answer });
    return answer;
  }

  /** Passes on to `ask` the predictor of one figure, or why there is none. */
  async function withPredictor<T>(
    about: Question,
    target: LearnedFigure,
    ask: (predictor: Predictor) => Promise<T> | T,
    all = false,
  ): Promise<T | Refused> {
    const found = await learnFigures(about, [target], all);
    return found.ok ? ask(found.predictors[target]!) : found;
  }

  return {
    predict: (about, target, levels, sure) => withPredictor(about, target, (it) => predict(it, levels, sure)),
    curve: (about, target, fixed, sure) =>
      withPredictor(about, target, (it) => predictCurve(it, fixed, sure, curvePoints)),
    async recommend(about, goals, fixed, sure) {
      const found = await learnFigures(about, targetsOf(goals));
      return found.ok ? recommend(found.predictors, goals, fixed, sure) : found;
    },
    models: (about, target) => withPredictor(about, target, comparisonOf, true),
  };
}

function comparisonOf({ rows, model, candidates }: Predictor): ModelComparison {
  const { factors, x, y } = rows.training;
  return {
    ok: true,
    chosen: model.id,
    measured: y,
    levels: x.map((row) => Object.fromEntries(factors.map((factor, column) => [factor, row[column]!]))),
    models: candidates.map(({ model: { id, title, comparisonOnly }, validation, failure }) => {
      const coverage = validation && coverageOf(validation, y, confidence);
      return {
        id,
        title,
        comparisonOnly: comparisonOnly ?? false,
        ...(validation && {
          scores: validation.scores,
          predicted: validation.predicted,
          milliseconds: validation.milliseconds,
        }),
        ...(coverage && { coverage }),
        ...(failure === undefined ? {} : { failure }),
      };
    }),
  };
}
