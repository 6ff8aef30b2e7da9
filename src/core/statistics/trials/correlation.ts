import { quantities } from "../../domain/factors.ts";
import { correlated } from "../../domain/figures.ts";
import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import { TABLES, type Tables } from "../../domain/tables.ts";
import { correlationInterval, pearson, spearman, usualConfidence } from "../index.ts";

/** A column of figures, one per trial; `undefined` where a trial has none. */
export interface Variable {
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** Whether it was set (a factor) or measured (an outcome). */
  readonly kind: "factor" | "outcome";
  readonly values: readonly (number | undefined)[];
}

/** What was correlated. */
export interface Correlated extends Omit<Variable, "values"> {
  /** Trials that have it. */
  readonly n: number;
  /** The same in all of them, so that nothing can be correlated with it. */
  readonly constant: boolean;
  /** The range that the coefficients hold for; absent where no trial has it. */
  readonly range?: readonly [least: number, most: number];
}

/** A coefficient from -1 to 1 with its interval, over the `n` trials that have both variables. */
export interface Coefficient {
  readonly n: number;
  /** Absent where one of both is constant there, and for fewer than two trials. */
  readonly r?: number;
  /** Absent for fewer than four trials, and at -1 and 1, where the transformation has no finite value. */
  readonly low?: number;
  readonly high?: number;
}

/** Square matrices over the variables in their order. */
export interface CorrelationMatrix {
  readonly confidence: number;
  readonly variables: readonly Correlated[];
  readonly pearson: readonly (readonly Coefficient[])[];
  readonly spearman: readonly (readonly Coefficient[])[];
}

/**
 * Correlates every two variables. Pearson's coefficient sees straight lines only, Spearman's whatever rises or falls.
 * Coefficients between factors tell how the plan was made; they say nothing about the proxy.
 */
export function correlate(variables: readonly Variable[], confidence = usualConfidence): CorrelationMatrix {
  const matrix = (kind: "pearson" | "spearman") =>
    variables.map((row) => variables.map((column) => coefficient(kind, row.values, column.values, confidence)));
  return {
    confidence,
    variables: variables.map(described),
    pearson: matrix("pearson"),
    spearman: matrix("spearman"),
  };
}

/** Correlates the factors and figures of the completed trials; they should be of one proxy under like conditions. */
export function correlateTrials(
  records: readonly TrialRecord[],
  confidence?: number,
  { factors, figures }: Tables = TABLES,
): CorrelationMatrix {
  const completed = records.filter(isBelieved);
  const varied = quantities(factors).map(({ id, label, read }): Variable => {
    return { name: id, label, kind: "factor", values: completed.map(({ point }) => read(point)) };
  });
  const outcomes = correlated(figures).map(({ id, label, of }): Variable => {
    return { name: id, label, kind: "outcome", values: completed.map(of) };
  });
  return correlate([...varied, ...outcomes], confidence);
}

function described({ values, ...variable }: Variable): Correlated {
  const known = values.filter((value) => value !== undefined);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return {
    ...variable,
    n: known.length,
    constant: !(most > least),
    ...(known.length > 0 && { range: [least, most] as const }),
  };
}

function coefficient(
  kind: "pearson" | "spearman",
  a: Variable["values"],
  b: Variable["values"],
  confidence: number,
): Coefficient {
  const pairs = a.flatMap((x, i) => (x !== undefined && b[i] !== undefined ? [[x, b[i]] as const] : []));
  const [x, y] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
  const r = kind === "pearson" ? pearson(x, y) : spearman({ x, y });
  const n = pairs.length;
  return r === undefined ? { n } : { n, r, ...correlationInterval(kind, r, n, confidence) };
}
