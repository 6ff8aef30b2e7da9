import type { Engine } from "../../core/engine.ts";
import { LabError } from "../../core/errors.ts";
import { door } from "../../core/plugins/door.ts";
import {
  comparableTrials,
  curves,
  type FactorName,
  type FixedLevels,
  fitPredictor,
  type Levels,
  type Predictor,
  predict,
  type Refused,
  recommend,
  trainingRows,
} from "../../core/predict/index.ts";
import type { TrialRecord } from "../../core/records/record.ts";
import type { ModelComparison, Question, Services } from "../services.ts";

/** The same data and the same question give the same answer. */
const seed = 42;
const curvePoints = 40;

/** The part of the services that asks the predictor. What was learned is kept until further trials are stored. */
export function predictions(
  engine: () => Promise<Engine>,
): Pick<Services, "predict" | "curve" | "recommend" | "models"> {
  const learned = new Map<string, { readonly trials: number; readonly predictor: Promise<Predictor | Refused> }>();

  async function learn(about: Question, all: boolean): Promise<Predictor | Refused> {
    const { registry, store } = await engine();
    const { proxy, loadTool, limiter, role, model } = about;
    const filter = { proxy, ...(loadTool && { loadTool }), ...(limiter && { limiter }), ...(role && { role }) };
    const trials = store.trials(filter);
    if (trials.length === 0) throw new LabError("LAB_NO_DATA", `nothing was measured for ${proxy} yet`);
    const key = JSON.stringify([about, all]);
    const known = learned.get(key);
    if (known?.trials === trials.length) return known.predictor;
    const models = registry.list("model").map(({ plugin }) => door.model(plugin));
    const wanted = models.filter(({ id, comparisonOnly }) => (model ? id === model : all || !comparisonOnly));
    const predictor = fitPredictor(wanted, rowsOf(trials, about), seed);
    learned.set(key, { trials: trials.length, predictor });
    return predictor;
  }

  return {
    async predict(about, levels, confidence) {
      const predictor = await learn(about, false);
      return predictor.ok ? predict(predictor, levels, confidence) : predictor;
    },
    async recommend(about, goal, fixed, confidence) {
      const predictor = await learn(about, false);
      return predictor.ok ? recommend({ [predictor.rows.target]: predictor }, goal, fixed, confidence) : predictor;
    },
    async curve(about, fixed, confidence) {
      const predictor = await learn(about, false);
      if (!predictor.ok) return predictor;
      const cpu = cpuSteps(predictor);
      const found = await curves(predictor, rowsAlong(predictor, cpu, fixed), confidence);
      return "ok" in found ? found : { ok: true, cpu, curves: found };
    },
    async models(about) {
      const predictor = await learn(about, true);
      return predictor.ok ? comparisonOf(predictor) : predictor;
    },
  };
}

function rowsOf(trials: readonly TrialRecord[], { target }: Question) {
  return trainingRows(comparableTrials(trials).trials, target);
}

/** CPU limits in equal ratios from the least to the most that was measured. */
function cpuSteps({ rows: { training } }: Predictor): number[] {
  const column = training.factors.indexOf("cpu");
  const measured = training.x.map((row) => row[column]!);
  const [least, most] = [Math.min(...measured), Math.max(...measured)];
  return Array.from({ length: curvePoints }, (_, i) => least * (most / least) ** (i / (curvePoints - 1)));
}

/** A factor that the question leaves open is where it was measured first. */
function rowsAlong({ rows: { training } }: Predictor, cpu: readonly number[], fixed: FixedLevels): number[][] {
  return cpu.map((level) => {
    const levels: Levels = { ...fixed, cpu: level };
    return (training.factors as readonly FactorName[]).map(
      (factor, column) => levels[factor] ?? training.x[0]![column]!,
    );
  });
}

function comparisonOf({ rows, model, candidates }: Predictor): ModelComparison {
  const { factors, x, y } = rows.training;
  return {
    ok: true,
    chosen: model.id,
    measured: y,
    levels: x.map((row) => Object.fromEntries(factors.map((factor, column) => [factor, row[column]!]))),
    models: candidates.map(({ model: { id, title, comparisonOnly }, validation, failure }) => ({
      id,
      title,
      comparisonOnly: comparisonOnly ?? false,
      ...(validation && {
        scores: validation.scores,
        predicted: validation.predicted,
        milliseconds: validation.milliseconds,
      }),
      ...(failure === undefined ? {} : { failure }),
    })),
  };
}
