import type { Training } from "../contract/index.ts";
import type { Levels } from "../domain/factors.ts";
import { mean, median, squaredDeviations } from "../statistics/index.ts";
import type { Goals } from "./goals.ts";
import { fitModel, foldsOf, type Model, predictRows } from "./learning/crossValidation.ts";
import { fitPredictor } from "./learning/predictor.ts";
import type { Rows } from "./learning/rows.ts";
import { recommend } from "./recommend.ts";

/** CPU limits that one way of answering gives for rates that were measured, against the limits that it took. */
export interface StudyCost {
  readonly method: string;
  readonly asked: number;
  /** A direct regression always answers. */
  readonly answered: number;
  /** Share of the answers below the CPU limit under which the rate was measured. */
  readonly tooLittle: number;
  /** Answer / the CPU limit that it took: the middle one, and that of the worst tenth. */
  readonly ratio: number;
  readonly worstRatio: number;
}

/**
 * The origin study's way, kept to be compared with: a model trained the other way round, from completed requests to CPU
 * bandwidth, all other factors unseen. It answers with the average CPU of such trials, which is not the least that is
 * enough; it shrinks towards the middle of the plan; it answers for rates that cannot be reached.
 */
export async function directly(model: Model, rows: Rows, requestsPerSecond: number, seed: number): Promise<number> {
  const { factors, x, y } = rows.training;
  const column = factors.indexOf("cpu");
  const inverse: Training = {
    factors: ["requestsPerSecond"],
    x: y.map((rate) => [rate]),
    y: x.map((row) => row[column]!),
  };
  const [cpu] = await predictRows(model, await fitModel(model, inverse, seed), [[requestsPerSecond]]);
  return cpu!;
}

/** The straight line through all points, as least squares has it. */
export const straightLine: Model = {
  id: "straight line",
  title: "Straight line",
  minimumRows: 2,
  fit({ x, y }) {
    const values = x.map(([value]) => value!);
    const [meanX, meanY] = [mean(values), mean(y)];
    const xx = squaredDeviations(values);
    const xy = values.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0);
    const slope = xx > 0 ? xy / xx : 0;
    return { slope, intercept: meanY - slope * meanX };
  },
  predict(state, x) {
    const { slope, intercept } = state as { slope: number; intercept: number };
    return x.map(([value]) => intercept + slope * value!);
  },
};

/**
 * What each way of answering costs: the configurations are left out in ten parts, and for each rate that was measured in
 * them each way says how much CPU it takes. `forward` is the model behind `recommend`, at a confidence.
 */
export async function studyCosts(
  inverses: readonly Model[],
  forward: Model,
  rows: Rows,
  confidence: number,
  seed: number,
): Promise<StudyCost[]> {
  const { factors, x, y } = rows.training;
  const column = factors.indexOf("cpu");
  const folds = foldsOf(x, 10, seed);
  const answers = new Map<string, { cpu: number; took: number }[]>();
  const note = (method: string, cpu: number, took: number) =>
    answers.set(method, [...(answers.get(method) ?? []), { cpu, took }]);
  const forwardName = `${forward.id} at ${Math.round(100 * confidence)} %`;
  answers.set(forwardName, []);
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const known = without(rows, folds, fold);
    const predictor = await fitPredictor([forward], known, seed);
    for (const [row, rate] of y.entries()) {
      if (folds[row] !== fold) continue;
      const took = x[row]![column]!;
      for (const model of inverses) note(model.id, await directly(model, known, rate, seed), took);
      if (!predictor.ok) continue;
      const { cpu: _, ...fixed } = Object.fromEntries(factors.map((name, i) => [name, x[row]![i]!])) as Levels;
      const goals: Goals = { requestsPerSecond: rate };
      const found = await recommend({ requestsPerSecond: predictor }, goals, fixed, confidence);
      if (found.ok) note(forwardName, found.recommendedCpu, took);
    }
  }
  return [...answers].map(([method, given]) => costOf(method, given, y.length));
}

function costOf(method: string, given: readonly { cpu: number; took: number }[], asked: number): StudyCost {
  const ratios = given.map(({ cpu, took }) => cpu / took).sort((a, b) => a - b);
  return {
    method,
    asked,
    answered: given.length,
    tooLittle: ratios.filter((ratio) => ratio < 1).length / ratios.length,
    ratio: median(ratios),
    worstRatio: ratios[Math.ceil(0.9 * ratios.length) - 1] ?? Number.NaN,
  };
}

function without(rows: Rows, folds: readonly number[], fold: number): Rows {
  const kept = folds.flatMap((each, row) => (each === fold ? [] : row));
  const { factors, x, y } = rows.training;
  const runs = rows.runs && kept.map((row) => rows.runs![row]!);
  const training = { factors, x: kept.map((row) => x[row]!), y: kept.map((row) => y[row]!) };
  return { ...rows, training, ...(runs && { runs }) };
}
