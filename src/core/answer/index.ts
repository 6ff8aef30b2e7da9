export {
  Answers,
  type GoalQuestion,
  type RankedAnswer,
  type StudyAnswer,
  type VerifiableAnswer,
} from "./ask.ts";
export type { FixedLevels } from "./course.ts";
export { type CurvePoint, type PredictedCurve, predictCurve } from "./curve.ts";
export { type Goals, meets, targetsOf, type Wish, wishesOf } from "./goals.ts";
export type { Ceiling } from "./learning/ceilings.ts";
export { type Comparable, comparableTrials } from "./learning/comparable.ts";
export type { Candidate } from "./learning/comparison.ts";
export type { Scores } from "./learning/crossValidation.ts";
export { crossValidate, type Model, predictRows, type Validation } from "./learning/crossValidation.ts";
export { type Coverage, coverageOf, cvPlusBands, highestConfidence, rowsNeeded } from "./learning/intervals.ts";
export { type Learned, learn, usualSeed } from "./learning/learn.ts";
export { type Curves, curves, fitPredictor, type Predictor, type Predictors } from "./learning/predictor.ts";
export type { Refusal, Refused } from "./learning/refusal.ts";
export {
  type Exclusion,
  inCommon,
  type Rows,
  trainingRows,
  wasKilled,
} from "./learning/rows.ts";
export type { SavedSummary } from "./learning/saved.ts";
export { hashOf, readSaved, restore, type SavedModels, save, scaled, withFactors } from "./learning/saved.ts";
export { comparisonOf, type ModelComparison } from "./models.ts";
export { type Basis, type Prediction, predict, type Quantity } from "./predict.ts";
export {
  type CpuQuantity,
  leastCpuFirst,
  limitMillis,
  type MemoryAdvice,
  type Recommendation,
  recommend,
} from "./recommend.ts";
export type { AnswerSource, Question } from "./source.ts";
export { directly, type StudyCost, straightLine, studyCosts } from "./study.ts";
export type { Checked, GoalFinding, Verification } from "./verify.ts";
