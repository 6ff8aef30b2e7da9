import type { Levels } from "../domain/factors.ts";
import { figureOf, type LearnedFigure } from "../domain/figures.ts";
import type { Interval } from "../statistics/index.ts";
import type { SpeedBasis } from "../statistics/trials/speeds.ts";
import { ceilingAt, ceilingCause } from "./learning/ceilings.ts";
import type { AnswerData } from "./learning/conditions.ts";
import { type Curves, curves, type Predictor } from "./learning/predictor.ts";
import { type Refused, refuse } from "./learning/refusal.ts";
import { type Rows, trialCount } from "./learning/rows.ts";
import { rowFor, type SaidLimit, untestedLimits } from "./question.ts";

/** What an answer rests on. */
export interface Basis {
  /** Id of the model, and its median relative error on configurations that it had not seen, as a fraction. */
  readonly model: string;
  readonly medianApe: number;
  /** Trials that taught. */
  readonly rowsUsed: number;
  readonly rowsExcluded: Rows["excluded"];
  /** What speed of the machine it holds for; absent where no probe ran. */
  readonly speed?: SpeedBasis;
  /** Its conditions and its data; absent where a predictor was asked by itself. */
  readonly data?: AnswerData;
}

export interface Prediction extends Basis {
  readonly ok: true;
  readonly target: LearnedFigure;
  readonly unit: string;
  /** The interval is for one further run. */
  readonly quantity: Interval;
  /** One-sided bounds: a further run gives more than `lower`, or less than `upper`, with the same confidence. */
  readonly lower: number;
  readonly upper: number;
  /** Limits that it is about and no trial ran under; absent: none. */
  readonly untested?: readonly SaidLimit[];
}

/**
 * Forward: the figure to expect at these levels. Refuses what `rowFor` refuses, confidence that the rows cannot give,
 * and estimates above what the load tool or the origins could carry, which nobody could have measured.
 */
export async function predict(predictor: Predictor, levels: Levels, confidence = 0.9): Promise<Prediction | Refused> {
  const located = rowFor(predictor.rows, levels, predictor.model);
  if (!located.ok) return located;
  const found = await curves(predictor, [located.x], confidence);
  if ("ok" in found) return found;
  const { estimate, low, high, lower, upper } = curvesAt(found, 0);
  const { target, ceilings, training } = predictor.rows;
  const { unit } = figureOf(target);
  const ceiling = ceilingAt(ceilings, training, located.x);
  if (ceiling && estimate > ceiling.figure) {
    const message = `${figure(estimate)} ${unit} would be expected, but ${ceilingCause(ceiling)} gave out at ${figure(ceiling.figure)} (cpu ${ceiling.cpu}).`;
    return refuse({ code: "above-ceiling", ceiling, estimate, message });
  }
  const untested = untestedLimits(predictor.rows, levels, levels.memoryBytes);
  return {
    ok: true,
    target,
    unit,
    quantity: { estimate, low, high, confidence },
    lower,
    upper,
    ...(untested.length > 0 && { untested }),
    ...basisOf(predictor),
  };
}

/** The figures of one row asked about. */
export function curvesAt({ estimate, low, high, lower, upper }: Curves, row: number) {
  return { estimate: estimate[row]!, low: low[row]!, high: high[row]!, lower: lower[row]!, upper: upper[row]! };
}

export function basisOf({ model, validation, rows }: Predictor): Basis {
  const { medianApe } = validation.scores;
  const { excluded, speed } = rows;
  return { model: model.id, medianApe, rowsUsed: trialCount(rows), rowsExcluded: excluded, ...(speed && { speed }) };
}

/** A figure as text, with three significant digits. */
export function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en");
}
