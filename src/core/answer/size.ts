import type { SweepEnd } from "../domain/events.ts";
import type { Point } from "../domain/point.ts";
import { isBelieved, type TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import type { Bound } from "../domain/verdicts.ts";
import { type FoundSize, outcomeOf, sizeOf } from "../plan/size.ts";
import { lineCrossing } from "../statistics/lineCrossing.ts";
import type { Goals } from "./goals.ts";
import { type CpuQuantity, limitMillis, type MemoryAdvice, memoryFor } from "./recommend.ts";
import type { Measure, MeasureOptions } from "./setting.ts";
import { STEP, type Verification, verify } from "./verify.ts";

/** A search for the least CPU limit, and how sure its answer is to be. */
export interface SizeQuestion {
  /** Of a plan `size`, with one rate. */
  readonly spec: SweepSpec;
  /** Offered rate, in requests/s. */
  readonly requestsPerSecond: number;
  /** Between 0.5 and 1. */
  readonly confidence: number;
  /** Whether to run the answer once more, in longer windows, and one a step below. */
  readonly verify: boolean;
}

/** What the search cost. */
export interface SearchCost {
  readonly trials: number;
  readonly seconds: number;
}

/** What the search found. */
export interface SizeAnswer {
  readonly sweepId: string;
  readonly status: SweepEnd;
  readonly proxy: string;
  readonly goals: Goals;
  /** All trials of the search, in order of time. */
  readonly records: readonly TrialRecord[];
  readonly size: FoundSize;
  readonly measuring: SearchCost;
  /** Absent where no limit keeps the goals, or the search was cut short. */
  readonly answer?: SizeRecommendation;
  /** Why there is none. */
  readonly unmet?: Unmet;
}

export interface SizeRecommendation {
  /** The least CPU limit, in cores, at which one further run keeps the goals with the confidence: one-sided. */
  readonly recommendedCpu: number;
  /** Where the goals are just kept. */
  readonly cpu: CpuQuantity;
  /** CPU, in cores, that the proxy used at the highest limit. */
  readonly useCpu?: number;
  /** p99 of the same requests straight at the origins, in milliseconds. */
  readonly directP99Ms?: number;
  readonly memory?: MemoryAdvice;
  /** What the answer holds for. */
  readonly point: Point;
  /** Absent where none was wanted. */
  readonly verification?: Verification;
}

/**
 * `latency`, `rate`, `failures`: the proxy misses that goal at the highest limit too. `baseline`: load tool and origins
 * alone have a longer p99, in milliseconds, so that none of the proxy can be shown. `blocked`: something else was in the way.
 */
export interface Unmet {
  readonly cause: "latency" | "rate" | "failures" | "baseline" | "blocked";
  readonly directP99Ms?: number;
  readonly bound?: Bound;
  readonly evidence?: string;
}

/** p99 / goal beyond this ratio either way says little of where the two meet. */
const near = 4;
/** Reserve over a limit that held, where the trials do not show how much p99 differs. */
const usualReserve = 1.1;
/** No trial was run so far above the limit that held. */
const mostReserve = 1.3;
/** A percentile of so many requests has a hundred beyond the 99th. */
const requestsToShow = 10_000;
const window = { least: 10, most: 30 };

/** How long a window has to be to show a p99 at a rate, in seconds. */
export function windowToShow(requestsPerSecond: number): number {
  return Math.min(window.most, Math.max(window.least, Math.ceil(requestsToShow / requestsPerSecond)));
}

/**
 * Finds the least CPU limit that keeps a goal at a rate, by a search of short windows, and proves it: runs it, and one a
 * step below, in windows that can show the percentile. An answer that does not hold is raised by a step, once. Throws what
 * the sweeps throw.
 */
export async function findSize(measure: Measure, question: SizeQuestion, options: MeasureOptions): Promise<SizeAnswer> {
  const { spec, requestsPerSecond, confidence } = question;
  const goal = spec.goal!;
  const startedMs = performance.now();
  const { id, status, trials } = await measure(spec, options);
  const size = sizeOf(trials, goal);
  const measuring = { trials: trials.length, seconds: (performance.now() - startedMs) / 1000 };
  const goals: Goals = { requestsPerSecond, ...goal };
  const found = { sweepId: id, status, proxy: spec.proxies[0]!, goals, records: trials, size, measuring };
  if (status === "interrupted") return found;
  const recommendation = recommendationOf(trials, size, spec, confidence);
  if (!recommendation) return { ...found, unmet: unmetOf(size, spec) };
  if (!question.verify) return { ...found, answer: recommendation };
  return { ...found, answer: await verified(measure, recommendation, { goals, trials }, options) };
}

function recommendationOf(
  trials: readonly TrialRecord[],
  { reference, holdsCpu, failsCpu }: FoundSize,
  { goal, cpu: [...limits] }: SweepSpec,
  confidence: number,
): SizeRecommendation | undefined {
  if (holdsCpu === undefined || !reference) return undefined;
  const highest = Math.max(...limits);
  const points = trials.flatMap((trial) => {
    const p99 = trial.result?.latencyMs.p99;
    const served = outcomeOf(trial, goal!) !== "blocked" && isBelieved(trial) && p99 !== undefined;
    const y = served ? Math.log(p99 / goal!.p99Ms) : Number.NaN;
    return Math.abs(y) <= Math.log(near) ? [{ x: Math.log(trial.point.cpu), y }] : [];
  });
  const line = lineCrossing(points, confidence);
  const within = (log: number, low: number, high: number) => Math.min(high, Math.max(low, Math.exp(log)));
  const recommended = line ? within(line.forNext, holdsCpu, mostReserve * holdsCpu) : usualReserve * holdsCpu;
  const memory = memoryFor(reference.point.memoryBytes, peakOf(trials));
  const useCpu = reference.usage?.cpuAchieved;
  const directP99Ms = reference.directLatencyMs?.p99;
  return {
    recommendedCpu: Math.min(highest, limitMillis(recommended) / 1000),
    cpu: {
      estimate: line ? within(line.estimate, failsCpu ?? 0, holdsCpu) : holdsCpu,
      ...(line ? { low: Math.exp(line.low), high: Math.exp(line.high) } : failsCpu !== undefined && { low: failsCpu }),
      confidence,
    },
    ...(useCpu !== undefined && { useCpu }),
    ...(directP99Ms !== undefined && { directP99Ms }),
    ...(memory && { memory }),
    point: reference.point,
  };
}

function peakOf(trials: readonly TrialRecord[]): number | undefined {
  const peaks = trials.flatMap(({ usage }) => usage?.memoryPeakBytes ?? []);
  return peaks.length > 0 ? Math.max(...peaks) : undefined;
}

async function verified(
  measure: Measure,
  recommendation: SizeRecommendation,
  { goals, trials }: { readonly goals: Goals; readonly trials: readonly TrialRecord[] },
  options: MeasureOptions,
): Promise<SizeRecommendation> {
  const example = trials.findLast(({ status }) => status === "completed")!;
  const windowSeconds = windowToShow(goals.requestsPerSecond!);
  const prove = (cpu: number) =>
    verify(measure, { goals, cpu, levels: {}, example }, { ...options, replicates: 1, windowSeconds });
  const first = await prove(recommendation.recommendedCpu);
  if (first.recommended.held !== false || first.status === "interrupted")
    return { ...recommendation, verification: first };
  const raised = limitMillis(recommendation.recommendedCpu * STEP) / 1000;
  return { ...recommendation, recommendedCpu: raised, verification: await prove(raised) };
}

function unmetOf({ reference, blocked }: FoundSize, { goal }: SweepSpec): Unmet {
  const directP99Ms = (reference ?? blocked)?.directLatencyMs?.p99;
  if (directP99Ms !== undefined && directP99Ms >= goal!.p99Ms) return { cause: "baseline", directP99Ms };
  if (!reference || blocked) {
    const { verdict, error } = blocked ?? {};
    const evidence = verdict?.evidence ?? error?.message;
    return { cause: "blocked", ...(verdict && { bound: verdict.bound }), ...(evidence && { evidence }) };
  }
  const { result, verdict } = reference;
  const why = verdict && { bound: verdict.bound, evidence: verdict.evidence };
  if ((result?.latencyMs.p99 ?? 0) > goal!.p99Ms) return { cause: "latency", ...why };
  const failed = (result?.failedRequests ?? 0) > 0 && verdict?.bound === "rate-bound";
  return { cause: failed ? "failures" : "rate", ...why };
}
