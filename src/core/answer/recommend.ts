import type { LearnedFigure } from "../domain/figures.ts";
import {
  type Asked,
  atAll,
  byConfidence,
  byEstimate,
  byInterval,
  type Course,
  crossing,
  type FixedLevels,
  forGood,
  trace,
} from "./course.ts";
import { type Goals, oddness, rateOf, wishesOf } from "./goals.ts";
import { ceilingAt } from "./learning/ceilings.ts";
import type { Predictors } from "./learning/predictor.ts";
import { type Refused, refuse } from "./learning/refusal.ts";
import type { Rows } from "./learning/rows.ts";
import { type Basis, basisOf, figure } from "./predict.ts";
import { measuredLevels, type SaidLimit, untestedLimits } from "./question.ts";
import { unmet } from "./unmet.ts";

/** CPU in cores with its interval; an end that lies outside the measured range is absent. */
export interface CpuQuantity {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
  readonly confidence: number;
}

/**
 * Memory to give, in bytes, and where it comes from: a limit that was measured, one that was asked for and was not, or the
 * highest use plus a quarter.
 */
export interface MemoryAdvice {
  readonly bytes: number;
  readonly from: "limit" | "question" | "peak";
}

export interface Recommendation extends Basis {
  readonly ok: true;
  readonly goals: Goals;
  /** The rate that is wanted; absent where none is. */
  readonly requestsPerSecond?: number;
  /** The least CPU limit, in cores, at which one further run meets all goals with the confidence: one-sided. */
  readonly recommendedCpu: number;
  /** Where the estimates meet the goals, between where the good and the bad ends of their intervals meet them. */
  readonly cpu: CpuQuantity;
  /** Absent where neither limits nor use of memory are known, or the proxy did not live with what it used elsewhere. */
  readonly memory?: MemoryAdvice;
  /** What is expected at the recommended CPU limit, by target. */
  readonly expected: Readonly<Partial<Record<LearnedFigure, number>>>;
  /** Levels of the other factors that it holds for, also of those that were not named. */
  readonly levels: FixedLevels;
  /** The least CPU for each measured memory limit at which the goals can be met, where several were measured. */
  readonly choices: readonly { readonly memoryBytes: number; readonly recommendedCpu: number }[];
  /** Limits that are recommended and no trial ran under; absent: none. */
  readonly untested?: readonly SaidLimit[];
}

/** How much more CPU a smaller memory limit may cost to be recommended all the same, as a share. */
const MEMORY_WORTH = 0.05;
const PEAK_RESERVE = 1.25;

/**
 * Inverse: the least CPU limit that meets all goals at fixed levels of the other factors, in an open loop at a rate among them
 * (see `levelsFor`). It is sought on the forward
 * models within the measured limits. (A model trained from figures to CPU would shrink its answers towards the middle of
 * the plan, and answer for goals that cannot be met.) Where several memory limits were measured and none is asked for, the
 * smallest is taken that costs hardly any CPU. Refuses goals that no measured limit meets, goals that less CPU than was
 * measured may meet, goals that the bands leave open, and all that `predict` refuses. Throws a RangeError where a
 * predictor is missing.
 */
export async function recommend(
  predictors: Predictors,
  goals: Goals,
  fixed: FixedLevels = {},
  confidence = 0.9,
): Promise<Recommendation | Refused> {
  const odd = oddness(goals);
  if (odd) return refuse({ code: "invalid-question", message: odd });
  const asked = wishesOf(goals, fixed).map((wish): Asked => {
    const predictor = predictors[wish.target];
    if (!predictor) throw new RangeError(`there is no predictor of ${wish.target}`);
    return { wish, predictor };
  });
  if (asked.length === 0) throw new RangeError("there are no goals");
  const limits = measuredLevels(asked[0]!.predictor.rows.training, "memoryBytes");
  if (fixed.memoryBytes !== undefined || limits.length < 2) return recommendAt(asked, goals, fixed, confidence);
  const answers: { memoryBytes: number; answer: Recommendation | Refused }[] = [];
  for (const memoryBytes of limits) {
    answers.push({ memoryBytes, answer: await recommendAt(asked, goals, { ...fixed, memoryBytes }, confidence) });
  }
  return best(answers);
}

function best(answers: readonly { memoryBytes: number; answer: Recommendation | Refused }[]): Recommendation | Refused {
  const found = answers.filter(({ answer }) => cpuNeeded(answer) < Infinity);
  const least = Math.min(...found.map(({ answer }) => cpuNeeded(answer)));
  const chosen = found.find(({ answer }) => cpuNeeded(answer) <= least * (1 + MEMORY_WORTH));
  // What cannot be met with the most memory cannot be met.
  const { answer } = chosen ?? answers.at(-1)!;
  const choices = found.map((one) => ({ memoryBytes: one.memoryBytes, recommendedCpu: cpuNeeded(one.answer) }));
  return answer.ok ? { ...answer, choices } : answer;
}

/** The CPU, in cores, that an answer says is enough, be it the least that was measured; Infinity where it says none. */
function cpuNeeded(answer: Recommendation | Refused | undefined): number {
  if (answer?.ok) return answer.recommendedCpu;
  return answer?.refusal.code === "below-measured" ? answer.refusal.cpu : Number.POSITIVE_INFINITY;
}

/** Order of answers: those that need the least CPU first, those without an answer last. */
export function leastCpuFirst(one: Recommendation | Refused | undefined, other: typeof one): number {
  const [a, b] = [cpuNeeded(one), cpuNeeded(other)];
  return a < b ? -1 : Number(a > b);
}

/** A CPU limit to set, from cores to thousandths of a core, up: less may not be enough. */
export function limitMillis(cores: number): number {
  return Math.ceil(cores * 1000 - 1e-6);
}

async function recommendAt(
  asked: readonly Asked[],
  goals: Goals,
  fixed: FixedLevels,
  confidence: number,
): Promise<Recommendation | Refused> {
  const course = await trace(asked, fixed, confidence);
  if ("ok" in course) return course;
  const recommendedCpu = await crossing(course, forGood, byConfidence(asked, confidence));
  if (recommendedCpu === undefined || overCeiling(course)) return unmet(course, confidence);
  if (recommendedCpu === course.cpus[0]) {
    const message = `cpu ${figure(recommendedCpu)} is enough, and the least that was measured.`;
    return refuse({ code: "below-measured", cpu: recommendedCpu, message });
  }
  const there = await course.at([recommendedCpu]);
  if ("ok" in there) return there;
  const rate = rateOf(goals);
  const { rows } = asked[0]!.predictor;
  const memory = memoryAdvice(rows, fixed);
  const levels = levelsOf(course);
  const untested = untestedLimits(rows, { ...levels, cpu: recommendedCpu }, memory?.bytes);
  return {
    ok: true,
    goals,
    ...(rate !== undefined && { requestsPerSecond: rate }),
    recommendedCpu,
    cpu: await cpuQuantity(course, confidence),
    ...(memory && { memory }),
    expected: Object.fromEntries(asked.map(({ wish }, i) => [wish.target, there.curves[i]!.estimate[0]!])),
    levels,
    choices: [],
    ...(untested.length > 0 && { untested }),
    ...basisOf(asked[0]!.predictor),
  };
}

function levelsOf({ asked, x }: Course): FixedLevels {
  const { factors } = asked[0]!.predictor.rows.training;
  return Object.fromEntries(factors.map((factor, i) => [factor, x[i]!]).filter(([factor]) => factor !== "cpu"));
}

function overCeiling({ asked, x }: Course): boolean {
  return asked.some(({ wish, predictor: { rows } }) => {
    const ceiling = ceilingAt(rows.ceilings, rows.training, x);
    return wish.side === "at least" && ceiling !== undefined && wish.figure > ceiling.figure;
  });
}

async function cpuQuantity(course: Course, confidence: number): Promise<CpuQuantity> {
  const [least] = course.cpus;
  const low = await crossing(course, atAll, byInterval(course.asked, "good"));
  const high = await crossing(course, forGood, byInterval(course.asked, "bad"));
  return {
    estimate: (await crossing(course, forGood, byEstimate(course.asked)))!,
    ...(low !== undefined && low !== least && { low }),
    ...(high !== undefined && { high }),
    confidence,
  };
}

function memoryAdvice(rows: Rows, fixed: FixedLevels): MemoryAdvice | undefined {
  const measured = measuredLevels(rows.training, "memoryBytes");
  const limit = fixed.memoryBytes ?? measured[0];
  if (limit !== undefined && !measured.includes(limit)) return { bytes: limit, from: "question" };
  const advice = memoryFor(limit, rows.memoryPeakBytes);
  const tooSmall = advice?.from === "peak" && advice.bytes <= (rows.deadlyMemoryBytes ?? 0);
  return tooSmall ? undefined : advice;
}

/** The limit that was measured, else by the highest use, both in bytes; `undefined` where neither is known. */
export function memoryFor(limit: number | undefined, peak: number | undefined): MemoryAdvice | undefined {
  if (limit !== undefined) return { bytes: limit, from: "limit" };
  return peak === undefined ? undefined : { bytes: Math.ceil((peak * PEAK_RESERVE) / 2 ** 20) * 2 ** 20, from: "peak" };
}
