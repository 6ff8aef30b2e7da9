import * as v from "valibot";
import type { Levels } from "../domain/factors.ts";
import type { LearnedFigure } from "../domain/figures.ts";
import { LabError } from "../errors.ts";
import type { Preferences } from "../preferences.ts";
import type { Calibration } from "./calibrate.ts";
import type { FixedLevels } from "./course.ts";
import { type PredictedCurve, predictCurve } from "./curve.ts";
import { type Goals, targetsOf, wishesOf } from "./goals.ts";
import { usualSeed } from "./learning/learn.ts";
import type { Predictor } from "./learning/predictor.ts";
import type { Refused } from "./learning/refusal.ts";
import { loadSaved, type SavedSummary, save, savedSummary, withFactors, writeSaved } from "./learning/saved.ts";
import { type ExplainedComparison, explainedComparison } from "./models.ts";
import { type Prediction, predict } from "./predict.ts";
import { leastCpuFirst, type Recommendation, recommend } from "./recommend.ts";
import type { Example, MeasureOptions } from "./setting.ts";
import { findSize, type SizeAnswer, type SizeQuestion } from "./size.ts";
import type { AnswerSource, Learning, Question } from "./source.ts";
import { directly, straightLine, studyCosts } from "./study.ts";
import { type Verification, type VerifyOptions, verify } from "./verify.ts";

/** What several proxies are to meet, and how sure that is to be. */
export interface GoalQuestion {
  readonly proxies: readonly string[];
  readonly source: AnswerSource;
  readonly goals: Goals;
  /** Levels that stay fixed; where only one was measured it need not be named. */
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

  /** Forward: a figure at these levels. */
  predict(
    question: Question,
    target: LearnedFigure,
    levels: Levels,
    confidence: number,
  ): Promise<Prediction | Refused> {
    return this.#ask(question, target, (predictor) => predict(predictor, levels, confidence));
  }

  /** The same at `count` limits along the measured CPU limits. */
  curve(
    question: Question,
    target: LearnedFigure,
    fixed: FixedLevels,
    confidence: number,
    count?: number,
  ): Promise<PredictedCurve | Refused> {
    return this.#ask(question, target, (predictor) => predictCurve(predictor, fixed, confidence, count));
  }

  /** Inverse: the least CPU and memory that meet all goals. */
  async recommend(
    question: Question,
    goals: Goals,
    levels: FixedLevels,
    confidence: number,
  ): Promise<Recommendation | Refused> {
    const found = await this.#learning.learn(question, targetsOf(goals));
    return found.ok ? recommend(found.predictors, goals, levels, confidence) : found;
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
    const example = await this.#learning.example({ ...question.source, proxy });
    return { proxy, goals: question.goals, recommendation: found, example };
  }

  /** Tries a recommendation by short sweeps. Throws what they throw. */
  verify({ goals, recommendation, example }: VerifiableAnswer, options: VerifyOptions): Promise<Verification> {
    const { recommendedCpu: cpu, levels, speed } = recommendation;
    return verify(this.#learning.measure, { goals, cpu, levels, example, speed }, options);
  }

  /** The least CPU limit that keeps a goal at a rate, found and proved by sweeps made for it. Throws what they throw. */
  size(question: SizeQuestion, options: MeasureOptions): Promise<SizeAnswer> {
    return findSize(this.#learning.measure, question, options);
  }

  /** The CPU that the original study's methods answer to a rate, and what they cost beside the forward model. Throws LAB_USAGE for other goals. */
  async study(question: Question, goals: Goals, confidence: number) {
    const [wish, ...others] = wishesOf(goals);
    if (wish?.target !== "requestsPerSecond" || others.length > 0)
      throw new LabError("LAB_USAGE", "--method study knows requests only: --completed or --rps, and no other goal");
    const inverses = [straightLine, this.#learning.model("random-forest")];
    return this.#ask(question, "requestsPerSecond", async ({ rows, model }) => {
      const answers: { method: string; cpu: number }[] = [];
      for (const inverse of inverses)
        answers.push({ method: inverse.id, cpu: await directly(inverse, rows, wish.figure, usualSeed) });
      return { ok: true as const, answers, costs: await studyCosts(inverses, model, rows, confidence, usualSeed) };
    });
  }

  /** All models compared on points left out, and what the one that answers found. */
  models(question: Question, target: LearnedFigure): Promise<ExplainedComparison | Refused> {
    return this.#ask(question, target, explainedComparison, true);
  }

  /** Saves the models that answer about some figures, and about goals, to a file. Throws LAB_USAGE. */
  async save(question: Question, targets: readonly LearnedFigure[], file: string): Promise<SavedSummary | Refused> {
    const learned = await this.#learning.learn(question, [...new Set([...SAVED, ...targets])]);
    if (!learned.ok) return learned;
    const saved = save(learned.predictors, this.#learning.comparable(question), usualSeed);
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

  async #answerAll({ proxies, source, goals, levels, confidence }: GoalQuestion): Promise<RankedAnswer[]> {
    const answers: RankedAnswer[] = [];
    for (const proxy of proxies) {
      answers.push({ proxy, found: await this.recommend({ ...source, proxy }, goals, levels, confidence) });
    }
    return answers.toSorted((a, b) => leastCpuFirst(a.found, b.found));
  }

  /** Passes on to `ask` the predictor of one figure, or why there is none. */
  async #ask<T>(
    question: Question,
    target: LearnedFigure,
    ask: (predictor: Predictor) => Promise<T> | T,
    all = false,
  ): Promise<T | Refused> {
    const found = await this.#learning.learn(question, [target], all);
    return found.ok ? ask(found.predictors[target]!) : found;
  }
}
