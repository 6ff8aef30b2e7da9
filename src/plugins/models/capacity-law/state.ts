import type { ModelParameter, Training } from "../../../core/contract/index.ts";
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
/** The law is fitted to any figure and does not know which. */
const ownUnit = "unit of the figure";

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

/** Parameters for people. `figure per core` holds at the geometric mean of the measured CPU limits. */
export function explain({ columns, means, values, scatter }: LawState): ModelParameter[] {
  const perCore = "cpu" in columns ? Math.exp(values.rate! - means.cpu!) : undefined;
  const exp = (name: Name, shift = 0) => (name in values ? Math.exp(values[name]! + shift) : undefined);
  const parameters: [string, number | undefined, string][] = [
    ["figure per core", perCore, ownUnit],
    ["exponent of cpu", values.b, ""],
    ["exponent of servers", values.bServers, ""],
    ["exponent of concurrency", values.bConcurrency, ""],
    [
      "s" in values ? "plateau of one server" : "plateau",
      exp("plateau", -(values.s ?? 0) * (means.servers ?? 0)),
      ownUnit,
    ],
    ["exponent of servers in the plateau", values.s, ""],
    ["figure per connection", exp("perConnection", -(means.concurrency ?? 0)), ownUnit],
    ["sharpness of the knee", exp("sharpness"), ""],
    ["memory at half the figure", exp("half", means.memoryBytes), "bytes"],
    ["scatter", 100 * scatter, "%"],
  ];
  return parameters.flatMap(([name, value, unit]) => (value === undefined ? [] : [{ name, value, unit }]));
}
