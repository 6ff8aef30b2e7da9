export type { Ceiling } from "./ceilings.ts";
export { type Comparable, comparableTrials } from "./comparable.ts";
export type { Candidate } from "./comparison.ts";
export type { FixedLevels } from "./course.ts";
export { type Coverage, coverageOf } from "./coverage.ts";
export { crossValidate, type Model, predictRows, type Validation } from "./crossValidation.ts";
export { type CurvePoint, type PredictedCurve, predictCurve } from "./curve.ts";
export { type Goals, meets, type Wish, wishesOf } from "./goals.ts";
export { cvPlusBands, highestConfidence, rowsNeeded } from "./intervals.ts";
export { type Learned, learn, targetsOf, usualSeed } from "./learn.ts";
export { type Basis, type Prediction, predict, type Quantity } from "./predict.ts";
export { type Curves, curves, fitPredictor, type Predictor } from "./predictor.ts";
export {
  type CpuQuantity,
  leastCpuFirst,
  limitMillis,
  type MemoryAdvice,
  type Predictors,
  type Recommendation,
  recommend,
} from "./recommend.ts";
export type { Refusal, Refused } from "./refusal.ts";
export { type Exclusion, type FactorName, inCommon, type Levels, type Rows, trainingRows, wasKilled } from "./rows.ts";
export { hashOf, readSaved, restore, type SavedModels, save, withFactors } from "./saved.ts";
export { scaled } from "./scaled.ts";
export type { Scores } from "./scores.ts";
export { directly, type StudyCost, straightLine, studyCosts } from "./study.ts";
export { offsetOf, TARGETS, type Target, type TargetName } from "./targets.ts";
