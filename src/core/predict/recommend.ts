import { type Ceiling, causeOf, ceilingAt } from "./ceilings.ts";
import { type Course, crossing, type FixedLevels, trace } from "./course.ts";
import { type Basis, basisOf, figure } from "./predict.ts";
import type { Predictor } from "./predictor.ts";
import { type Refused, refuse } from "./refusal.ts";

/** What is wanted: a rate, or a number of requests within a time. */
export type Goal =
  | { readonly requestsPerSecond: number }
  | { readonly completedRequests: number; readonly withinSeconds: number };

/** CPU in cores with its interval; an end that lies outside the measured range is absent. */
export interface CpuQuantity {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
  readonly confidence: number;
}

export interface Recommendation extends Basis {
  readonly ok: true;
  /** The goal as a rate. */
  readonly requestsPerSecond: number;
  /** The least CPU limit, in cores, at which one further run meets the goal with the confidence: one-sided. */
  readonly recommendedCpu: number;
  /** Where the estimate meets the goal, between where the upper and the lower end of the interval meet it. */
  readonly cpu: CpuQuantity;
}

/**
 * Inverse: the least CPU limit that meets a goal at fixed levels of the other factors. It is sought on the forward
 * model, made to rise with CPU, within the measured limits. (A model trained from figures to CPU would shrink its
 * answers towards the middle of the plan, and answer for goals that cannot be met.) Refuses goals above what was
 * measured, goals that less CPU than was measured may meet, goals that the bands leave open, and all that `predict`
 * refuses. Throws a RangeError where the predictor is not one of `requestsPerSecond`.
 */
export async function recommend(
  predictor: Predictor,
  goal: Goal,
  fixed: FixedLevels = {},
  confidence = 0.9,
): Promise<Recommendation | Refused> {
  if (predictor.rows.target !== "requestsPerSecond") throw new RangeError("the predictor must be of requestsPerSecond");
  const rate = "requestsPerSecond" in goal ? goal.requestsPerSecond : goal.completedRequests / goal.withinSeconds;
  if (!(rate > 0 && rate < Infinity)) {
    return refuse({ code: "invalid-question", message: `The goal must be a rate above 0, not ${rate}.` });
  }
  const course = await trace(predictor, fixed, confidence);
  if ("ok" in course) return course;
  const recommendedCpu = await crossing(course, "lower", rate);
  const ceiling = ceilingAt(predictor.rows.ceilings, predictor.rows.training, course.x);
  if (recommendedCpu === undefined || (ceiling && rate > ceiling.figure))
    return unmet(course, rate, ceiling, confidence);
  if (recommendedCpu === course.cpus[0]) {
    const message = `cpu ${recommendedCpu} is enough, and the least that was measured.`;
    return refuse({ code: "below-measured", cpu: recommendedCpu, message });
  }
  const cpu = await cpuQuantity(course, rate, confidence);
  return { ok: true, requestsPerSecond: rate, recommendedCpu, cpu, ...basisOf(predictor) };
}

async function cpuQuantity(course: Course, rate: number, confidence: number): Promise<CpuQuantity> {
  const [least] = course.cpus;
  const low = await crossing(course, "high", rate);
  const high = await crossing(course, "low", rate);
  return {
    estimate: (await crossing(course, "estimate", rate))!,
    ...(low !== undefined && low !== least && { low }),
    ...(high !== undefined && { high }),
    confidence,
  };
}

async function unmet(course: Course, rate: number, ceiling: Ceiling | undefined, confidence: number): Promise<Refused> {
  const [cpu, highest] = [course.cpus.at(-1)!, course.curves.estimate.at(-1)!];
  const wanted = `${figure(rate)} requests/s`;
  if (ceiling && rate > ceiling.figure) {
    const message = `${wanted} cannot be shown: ${causeOf(ceiling)} gave out at ${figure(ceiling.figure)} (cpu ${ceiling.cpu}).`;
    return refuse({ code: "unreachable", cpu, highest, ceiling, message });
  }
  if (course.curves.high.at(-1)! < rate) {
    const message = `${wanted} is out of reach: at cpu ${cpu}, the most measured, ${figure(highest)} is expected.`;
    return refuse({ code: "unreachable", cpu, highest, ...(ceiling && { ceiling }), message });
  }
  const estimate = await crossing(course, "estimate", rate);
  const guess = estimate === undefined ? "" : ` (best guess: cpu ${figure(estimate)})`;
  const message = `${wanted} can be neither promised nor ruled out up to cpu ${cpu}, the most measured${guess}.`;
  return refuse({ code: "undecided", ...(estimate !== undefined && { cpu: estimate }), confidence, message });
}
