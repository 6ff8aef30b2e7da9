import * as v from "valibot";
import { type Levels, quantities } from "../domain/factors.ts";
import type { LearnedFigure } from "../domain/figures.ts";
import { LabError } from "../errors.ts";
import type { Preferences } from "../preferences.ts";
import type { Calibration } from "./calibrate.ts";
import type { FixedLevels } from "./course.ts";
import { type CurveOptions, type PredictedCurve, predictCurve } from "./curve.ts";
import { type Goals, LIMITED_FIGURES, oddness, rateOf, wishesOf } from "./goals.ts";
import { type AnswerData, conditionsOf, type TrialCondition } from "./learning/conditions.ts";
import { usualSeed } from "./learning/learn.ts";
import type { Predictors } from "./learning/predictor.ts";
import { type Refused, refuse } from "./learning/refusal.ts";
import { loadSaved, type SavedSummary, save, savedSummary, withFactors, writeSaved } from "./learning/saved.ts";
import type { AnswerSource, Question } from "./learning/wish.ts";
import { type ExplainedComparison, explainedComparison } from "./models.ts";
import { figure, type Prediction, predict } from "./predict.ts";
import { leastCpuFirst, type Recommendation, recommend } from "./recommend.ts";
import {
  type CapacityAnswer,
  findCapacity,
  findSize,
  type SearchQuestion,
  type SizeAnswer,
  windowToShow,
} from "./search.ts";
import type { Example, MeasureOptions } from "./setting.ts";
import type { Learning, LearnRequest } from "./source.ts";
import { directly, straightLine, studyCosts } from "./study.ts";
import { type Verification, type VerifyOptions, verify } from "./verify.ts";

/** What several proxies are to meet, and how sure that is to be. */
export interface GoalQuestion {
  readonly proxies: readonly string[];
  readonly source: AnswerSource;
  readonly goals: Goals;
  /** Levels that stay fixed; of servers and connections those measured most, unless named. */
  readonly levels: FixedLevels;
  /** Between 0 and 1. */
  readonly confidence: number;
}

/** The answer about one of several proxies. */
export interface RankedAnswer {
  readonly proxy: string;
  readonly found: Recommendation | Refused;
}

/** A recommendation to be verified, and a trial to verify it by trials like. */
export interface VerifiableAnswer {
  readonly proxy: string;
  readonly goals: Goals;
  readonly recommendation: Recommendation;
  readonly example: Example;
}

/** Figures that saved models answer about at least: those of recommendations. */
const SAVED: readonly LearnedFigure[] = ["requestsPerSecond", "latencyMs.p99", "failedShare"];

/** Only what another writer of the preferences would get wrong. */
const remembered = v.looseObject({
  proxies: v.pipe(v.array(v.string()), v.nonEmpty()),
  source: v.looseObject({}),
  goals: v.looseObject({}),
  levels: v.looseObject({}),
  confidence: v.number(),
});

/** Answers questions about proxies, from the trials of the store or from saved models. */
export class Answers {
  readonly #learning: Learning;
  readonly #preferences: Preferences;

  constructor(learning: Learning, preferences: Preferences) {
    this.#learning = learning;
    this.#preferences = preferences;
  }

  /** Forward: a figure at these levels; of other factors at those measured most. */
  predict(
    question: Question,
    target: LearnedFigure,
    levels: Levels,
    confidence: number,
  ): Promise<Prediction | Refused> {
    const request = { question, targets: [target], levels, open: ALL_BUT_CPU };
    return this.#ask(request, (predictors, answered) => predict(predictors[target]!, answered, confidence));
  }

  /** The same along the measured CPU limits, or along the rates that open loops offered. */
  curve(
    question: Question,
    target: LearnedFigure,
    fixed: Levels,
    confidence: number,
    options: CurveOptions = {},
  ): Promise<PredictedCurve | Refused> {
    const alongRate = options.along === "requestsPerSecond";
    const open = alongRate ? ALL_BUT_CPU.filter((key) => key !== "requestsPerSecond") : ALL_BUT_CPU;
    const about = alongRate ? { ...question, loop: question.loop ?? "open" } : question;
    return this.#ask({ question: about, targets: [target], levels: fixed, open }, (predictors, levels) =>
      predictCurve(predictors[target]!, levels, confidence, options),
    );
  }

  /**
   * Inverse: the least CPU and memory that meet all goals. Goals with a latency are answered from open loops, where their
   * rate is a level, unless another loop is asked for. Refuses a percentile that no window can show, too.
   */
  async recommend(
    question: Question,
    goals: Goals,
    levels: FixedLevels,
    confidence: number,
  ): Promise<Recommendation | Refused> {
    const odd = oddness(goals) ?? hiddenPercentile(goals, levels);
    if (odd) return refuse({ code: "invalid-question", message: odd });
    return this.#ask(inverse(question, goals, levels), (predictors, answered) =>
      recommend(predictors, goals, answered, confidence),
    );
  }

  /** The same about several proxies, the least CPU first; the question is remembered for `last` if it has an answer. */
  async rank(question: GoalQuestion): Promise<RankedAnswer[]> {
    const answers = await this.#answerAll(question);
    if (answers.some(({ found }) => found.ok)) {
      const notice = await this.#preferences.rememberQuestion(this.#learning.ground.store.path, question);
      if (notice) this.#learning.face.onNotice(notice);
    }
    return answers;
  }

  /** The last question about this store that was answered. Throws LAB_NO_DATA. */
  async last(): Promise<GoalQuestion> {
    const known = await this.#preferences.lastQuestion(this.#learning.ground.store.path);
    const { success, output } = v.safeParse(remembered, known);
    if (success) return output as unknown as GoalQuestion;
    throw new LabError("LAB_NO_DATA", "no recommendation was asked for yet", {
      help: "ask for one with ./lab recommend, or say what to verify",
    });
  }

  /** What to verify of the answers to a question: the first in rank that is a recommendation. Throws LAB_NO_DATA. */
  async verifiable(question: GoalQuestion): Promise<VerifiableAnswer | (Refused & { readonly proxy: string })> {
    const answers = await this.#answerAll(question);
    const { proxy, found } = answers.find((one) => one.found.ok) ?? answers[0]!;
    if (!found.ok) return { proxy, ...found };
    const { source, proxies, goals, levels } = question;
    const { example } = await this.#learning.learn(inverse({ ...source, proxy, among: proxies }, goals, levels));
    return { proxy, goals, recommendation: found, example: example! };
  }

  /** Tries a recommendation by short sweeps, with windows that can show its percentiles. Throws what they throw. */
  verify({ goals, recommendation, example }: VerifiableAnswer, options: VerifyOptions): Promise<Verification> {
    const { recommendedCpu: cpu, levels, speed } = recommendation;
    const { requestsPerSecond: rate } = levels;
    const shown = rate === undefined ? [] : percentilesOf(goals, rate);
    const windowSeconds = Math.max(example.scenario.windowSeconds, ...shown.map((one) => one.windowSeconds));
    return verify(this.#learning.measure, { goals, cpu, levels, example, speed }, { windowSeconds, ...options });
  }

  /** The least CPU limit that keeps a goal at a rate, found and proved by sweeps made for it. Throws what they throw. */
  size(question: SearchQuestion, options: MeasureOptions): Promise<SizeAnswer> {
    return findSize(this.#learning.measure, question, options);
  }

  /** The highest rate at which a goal is kept under a CPU limit, found and proved in the same way. Throws what sweeps throw. */
  capacity(question: SearchQuestion, options: MeasureOptions): Promise<CapacityAnswer> {
    return findCapacity(this.#learning.measure, question, options);
  }

  /** The CPU that the original study's methods answer to a rate, and what they cost beside the forward model. Throws LAB_USAGE for other goals. */
  async study(question: Question, goals: Goals, levels: FixedLevels, confidence: number) {
    const [wish, ...others] = wishesOf(goals);
    if (wish?.target !== "requestsPerSecond" || others.length > 0)
      throw new LabError("LAB_USAGE", "--method study knows requests only: --completed or --rps, and no other goal");
    if ((question.loop ?? "closed") !== "closed" || levels.requestsPerSecond !== undefined)
      throw new LabError("LAB_USAGE", "--method study knows closed loops only");
    const inverses = [straightLine, this.#learning.model("random-forest")];
    const request = { question: { ...question, loop: "closed" }, targets: [wish.target], levels };
    return this.#ask(request, async ({ requestsPerSecond }) => {
      const { rows, model } = requestsPerSecond!;
      const answers: { method: string; cpu: number }[] = [];
      for (const inverse of inverses)
        answers.push({ method: inverse.id, cpu: await directly(inverse, rows, wish.figure, usualSeed) });
      return { ok: true as const, answers, costs: await studyCosts(inverses, model, rows, confidence, usualSeed) };
    });
  }

  /** All models compared on points left out, and what the one that answers found. */
  models(question: Question, target: LearnedFigure, levels: FixedLevels = {}): Promise<ExplainedComparison | Refused> {
    const request = { question, targets: [target], levels, all: true };
    return this.#ask(request, (predictors) => explainedComparison(predictors[target]!));
  }

  /** Saves the models that answer about some figures, and about goals, to a file. Throws LAB_USAGE. */
  async save(
    question: Question,
    targets: readonly LearnedFigure[],
    file: string,
    levels: FixedLevels = {},
  ): Promise<SavedSummary | Refused> {
    const request = { question, targets: [...new Set([...SAVED, ...targets])], levels };
    const { found, trials, data } = await this.#learning.learn(request);
    if (!found.ok) return { ...found, ...(data && { data }) };
    const saved = save(found.predictors, trials, usualSeed);
    await writeSaved(file, saved);
    return savedSummary(saved);
  }

  /** What a file of saved models holds. Throws LAB_USAGE. */
  async saved(file: string): Promise<SavedSummary> {
    return savedSummary(await loadSaved(file));
  }

  /** Scales saved models to this machine, and saves them to another file if one is named. */
  async calibrate(file: string, to?: string): Promise<Calibration> {
    const saved = await loadSaved(file);
    const { calibration } = await this.#learning.calibrate(this.#learning.restore(saved), saved.example);
    if (to !== undefined) await writeSaved(to, withFactors(saved, calibration.factors));
    return calibration;
  }

  /** The values of a condition in the store, as its option writes them. */
  valuesOf({ key, write }: TrialCondition): string[] {
    const trials = this.#learning.ground.store.trials();
    const values = trials.map((trial) =>
      key === "limiter" ? trial.point.limiter : (conditionsOf(trial)[key] ?? null),
    );
    return [...new Set(values)].map(write).sort();
  }

  async #answerAll({ proxies, source, goals, levels, confidence }: GoalQuestion): Promise<RankedAnswer[]> {
    const answers: RankedAnswer[] = [];
    for (const proxy of proxies) {
      const question = { ...source, proxy, among: proxies };
      answers.push({ proxy, found: await this.recommend(question, goals, levels, confidence) });
    }
    return answers.toSorted((a, b) => leastCpuFirst(a.found, b.found));
  }

  /** Passes on to `ask` what was learned, and the levels to answer for; or says why nothing was. */
  async #ask<T extends { readonly ok: true }>(
    request: LearnRequest,
    ask: (predictors: Predictors, levels: Levels) => Promise<T | Refused> | T | Refused,
  ): Promise<(T & { readonly data?: AnswerData }) | Refused> {
    const { found, levels, data } = await this.#learning.learn(request);
    const answer = found.ok ? await ask(found.predictors, levels) : found;
    return data ? { ...answer, data } : answer;
  }
}

/** The factors that a prediction needs a level of beside the CPU limit. */
const ALL_BUT_CPU = quantities().flatMap(({ key }) => (key === "cpu" ? [] : key));

/** What a recommendation is learned from. Its memory limit is a part of the answer, unless it is asked for. */
function inverse(question: Question, goals: Goals, levels: FixedLevels): LearnRequest {
  const open = ALL_BUT_CPU.filter((key) => key !== "memoryBytes");
  return { question, goals, levels, open };
}

/** The percentiles of some goals, each with how long a window at a rate has to be to show it, in seconds. */
function percentilesOf(goals: Goals, rate: number) {
  return LIMITED_FIGURES.flatMap(({ key, name, oneIn }) =>
    goals[key] === undefined || oneIn === undefined
      ? []
      : { name, oneIn, windowSeconds: windowToShow((100 * rate) / oneIn) },
  );
}

/** Why a window has no request beyond a percentile; `undefined` where all have. */
function hiddenPercentile(goals: Goals, { requestsPerSecond: level }: FixedLevels): string | undefined {
  const rate = level ?? rateOf(goals);
  if (rate === undefined) return undefined;
  const hidden = percentilesOf(goals, rate).find(({ oneIn, windowSeconds }) => rate * windowSeconds < oneIn);
  if (!hidden) return undefined;
  const { name, oneIn, windowSeconds } = hidden;
  return `No window can show a ${name} at ${figure(rate)} requests/s: the longest has ${Math.floor(rate * windowSeconds)} requests, and one in ${oneIn} lies beyond it.`;
}
