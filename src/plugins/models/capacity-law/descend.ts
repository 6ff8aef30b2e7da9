import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { logRate, type Theta } from "./law.ts";
import type { LogRows } from "./rows.ts";
import type { Prior } from "./terms.ts";

/** What is minimised: how far the rows are from the law, for a scatter that is held. */
interface Problem {
  readonly rows: LogRows;
  readonly priors: readonly Prior[];
  /** Standard deviation of the logarithm. */
  readonly scatter: number;
}

/**
 * Levenberg-Marquardt on the robust, ridged sum of squares; rows are reweighted at each step (Holland and Welsch,
 * "Robust regression using iteratively reweighted least-squares", 1977). Ends where a step gains less than `tolerance`
 * of what is left.
 */
export function descend(problem: Problem, start: Theta, tolerance: number): Theta {
  let [theta, cost] = [start, objective(problem, start)];
  for (let step = 0, damping = 1e-3; step < 50 && damping < 1e8; step++) {
    const next = stepFrom(problem, theta, damping);
    const lower = objective(problem, next);
    if (!(lower < cost)) {
      damping *= 8;
      continue;
    }
    const done = cost - lower < tolerance * cost;
    [theta, cost, damping] = [next, lower, damping / 8];
    if (done) break;
  }
  return theta;
}

/** Cauchy's function of the misses, and the squares of the distances from the priors. */
export function objective({ rows, priors, scatter }: Problem, theta: Theta): number {
  const c = reach(scatter) ** 2;
  const misfit = misses(rows, theta).reduce((sum, miss) => sum + c * Math.log1p(miss ** 2 / c), 0);
  return priors.reduce((sum, { at, centre, width }) => sum + ((scatter * (theta[at]! - centre)) / width) ** 2, misfit);
}

/** Logarithm of measured over expected, for each row. */
export function misses({ u, v }: LogRows, theta: Theta): number[] {
  return v.map((value, i) => value - logRate(theta, u[i]!));
}

function stepFrom({ rows, priors, scatter }: Problem, theta: Theta, damping: number): Theta {
  const curvature = priors.map(() => new Array<number>(priors.length).fill(0));
  const pull = new Array<number>(priors.length).fill(0);
  const slopes = [...theta];
  rows.u.forEach((u, i) => {
    const miss = rows.v[i]! - logRate(theta, u, slopes);
    const weight = 1 / (1 + (miss / reach(scatter)) ** 2);
    priors.forEach((one, a) => {
      pull[a]! += weight * miss * slopes[one.at]!;
      for (let b = 0; b <= a; b++) curvature[a]![b]! += weight * slopes[one.at]! * slopes[priors[b]!.at]!;
    });
  });
  priors.forEach(({ at, centre, width }, a) => {
    const ridge = (scatter / width) ** 2;
    pull[a]! -= ridge * (theta[at]! - centre);
    curvature[a]![a] = (curvature[a]![a]! + ridge) * (1 + damping);
    for (let b = 0; b < a; b++) curvature[b]![a] = curvature[a]![b]!;
  });
  const move = new CholeskyDecomposition(new Matrix(curvature)).solve(Matrix.columnVector(pull));
  const next = [...theta];
  for (const [a, { at }] of priors.entries()) next[at]! += move.get(a, 0);
  return next;
}

/** The miss at which a row has lost half its weight (Cauchy's function, 95 % efficient where misses are normal). */
function reach(scatter: number): number {
  return 2.385 * scatter;
}
