import type { Training } from "../../../core/contract/index.ts";
import { fitLaw } from "./fit.ts";
import { logRate, type Name, vector } from "./law.ts";
import { checkKnown, logarithms, logsOf, type Origin, originOf } from "./rows.ts";

/** A fitted capacity law as plain data. */
export interface LawState extends Origin {
  /** Logarithms of the parameters, exponents as they are; without those of absent terms. */
  readonly values: Readonly<Partial<Record<Name, number>>>;
  /** Scatter of the rows around the law, as a standard deviation of the logarithm. */
  readonly scatter: number;
}

export const MINIMUM_ROWS = 3;

/** Throws an Error where there are too few rows, or where a known factor or a figure is no number above 0. */
export function fitState(training: Training): LawState {
  checkKnown(training, MINIMUM_ROWS);
  const origin = originOf(training);
  const { priors, theta, scatter } = fitLaw(logarithms(origin, training));
  return { ...origin, values: Object.fromEntries(priors.map(({ name, at }) => [name, theta[at]!])), scatter };
}

/** The figure of each row of `x`, whose columns are those of the training. */
export function predictState(state: LawState, x: readonly (readonly number[])[]): number[] {
  const theta = vector(state.values);
  return x.map((row) => Math.exp(logRate(theta, logsOf(state, row))));
}
