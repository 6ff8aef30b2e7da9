// What the faces need to know of answers.

export { searchWindow } from "../plan/search.ts";
export type { GoalQuestion, RankedAnswer, VerifiableAnswer } from "./ask.ts";
export type { FixedLevels } from "./course.ts";
export type { CurveFactor, PredictedCurve } from "./curve.ts";
export { type Goals, LIMITED_FIGURES } from "./goals.ts";
export { type AnswerData, CONDITIONS } from "./learning/conditions.ts";
export type { Refused } from "./learning/refusal.ts";
export type { Rows } from "./learning/rows.ts";
export type { SavedSummary } from "./learning/saved.ts";
export type { AnswerSource, Question } from "./learning/wish.ts";
export type { ExplainedComparison, ModelComparison } from "./models.ts";
export type { Prediction } from "./predict.ts";
export type { Recommendation } from "./recommend.ts";
export type {
  CapacityAnswer,
  CapacityRecommendation,
  SearchAnswer,
  SearchQuestion,
  SizeAnswer,
  SizeRecommendation,
} from "./search.ts";
export type { StudyCost } from "./study.ts";
export type { Verification } from "./verify.ts";
