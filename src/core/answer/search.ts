import type { SweepEnd } from "../domain/events.ts";
import type { Point } from "../domain/point.ts";
import { isBelieved, missedRate, type TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import type { Bound } from "../domain/verdicts.ts";
import {
  axisOf,
  canBeShown,
  type FoundLevel,
  foundOf,
  isHarder,
  levelOf,
  outcomeOf,
  windowAt,
} from "../plan/search.ts";
import { lineCrossing } from "../statistics/lineCrossing.ts";
import type { Goals } from "./goals.ts";
import { type CpuQuantity, limitMillis, type MemoryAdvice, memoryFor } from "./recommend.ts";
import type { Measure, MeasureOptions } from "./setting.ts";
import { type RateVerification, STEP, type Verification, verify, verifyRate, wholeRate } from "./verify.ts";

/** A search for the last level at which a proxy keeps a goal, and how sure its answer is to be. */
export interface SearchQuestion {
  /** Of a plan `size`, with one rate, or `capacity`, with one CPU limit. */
  readonly spec: SweepSpec;
  /** Between 0.5 and 1. */
  readonly confidence: number;
  /** Whether to run the answer once more, in longer windows, and one a step beyond. */
  readonly verify: boolean;
}

/** What the search cost. */
export interface SearchCost {
  readonly trials: number;
  readonly seconds: number;
}

/** What a search found. */
export interface SearchAnswer<Recommendation> {
  readonly sweepId: string;
  readonly status: SweepEnd;
  readonly proxy: string;
  readonly goals: Goals;
  /** All trials of the search, in order of time. */
  readonly records: readonly TrialRecord[];
  readonly found: FoundLevel;
  readonly measuring: SearchCost;
  /** Absent where no level keeps the goals, or the search was cut short. */
  readonly answer?: Recommendation;
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

/** A rate in requests/s with its interval; an end that the trials do not show is absent. */
export interface RateQuantity {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
  readonly confidence: number;
}

export interface CapacityRecommendation {
  /** The highest rate, in requests/s, at which one further run keeps the goals with the confidence: one-sided. */
  readonly recommendedRequestsPerSecond: number;
  /** Where the goals are just kept. */
  readonly requestsPerSecond: RateQuantity;
  /** Why higher rates say nothing of the proxy, where they do not: it serves at least the rates above. */
  readonly atLeast?: Unshown;
  /** Rate that the proxy served when it was offered more than it can serve; absent where it never was. */
  readonly mostRequestsPerSecond?: number;
  /** p99 of the same requests straight at the origins, at the highest rate that held, in milliseconds. */
  readonly directP99Ms?: number;
  /** What the answer holds for, at the highest rate that held. */
  readonly point: Point;
  /** Absent where none was wanted. */
  readonly verification?: RateVerification;
}

export type SizeAnswer = SearchAnswer<SizeRecommendation>;
export type CapacityAnswer = SearchAnswer<CapacityRecommendation>;

/** What was in the way of seeing the proxy; with what `Unmet` has of it. `range`: no higher rate was to be tried. */
export type Unshown = Obstacle | { readonly cause: "range" };

/**
 * `baseline`: load tool and origins alone have a longer p99, in milliseconds, so that none of the proxy can be shown.
 * `blocked`: something else was in the way.
 */
interface Obstacle {
  readonly cause: "baseline" | "blocked";
  readonly directP99Ms?: number;
  readonly bound?: Bound;
  readonly evidence?: string;
}

/** `latency`, `rate`, `failures`: the proxy misses that goal at the highest limit, or the lowest rate, too. */
export type Unmet = Obstacle | (Omit<Obstacle, "cause"> & { readonly cause: "latency" | "rate" | "failures" });

/** p99 / goal beyond this ratio either way says little of where the two meet. */
const near = 4;
/** Reserve beyond a level that held, where the trials do not show how much p99 differs. */
const usualReserve = 1.1;
/** No trial was run so far from the level that held. */
const mostReserve = 1.3;
/** How long a window has to be to show a p99 at a rate, in seconds: a hundred requests are to lie beyond it. */
export function windowToShow(requestsPerSecond: number): number {
  return windowAt(requestsPerSecond, { least: 10, most: 30, requests: 10_000 });
}

/**
 * Finds the least CPU limit that keeps a goal at a rate, by a search of short windows, and proves it: runs it, and one a
 * step below, in windows that can show the percentile. An answer that does not hold is raised by a step, once. Throws what
 * the sweeps throw.
 */
export async function findSize(
  measure: Measure,
  question: SearchQuestion,
  options: MeasureOptions,
): Promise<SizeAnswer> {
  const [rate] = question.spec.requestsPerSecond;
  const goals = { requestsPerSecond: rate!, ...question.spec.goal! };
  const searched = await search(measure, question, options, goals, sizeOf);
  const { answer, records } = searched;
  if (!answer || !question.verify) return searched;
  const prove = (cpu: number) =>
    verify(measure, { goals, cpu, levels: {}, example: exampleOf(records) }, proving(options, rate!));
  const verification = await prove(answer.recommendedCpu);
  if (isSettled(verification)) return { ...searched, answer: { ...answer, verification } };
  const raised = limitMillis(answer.recommendedCpu * STEP) / 1000;
  return { ...searched, answer: { ...answer, recommendedCpu: raised, verification: await prove(raised) } };
}

/**
 * Finds the highest rate at which a goal is kept under a CPU limit, and proves it in the same way: runs it, and one a step
 * above. An answer that does not hold is lowered by a step, once. Throws what the sweeps throw.
 */
export async function findCapacity(
  measure: Measure,
  question: SearchQuestion,
  options: MeasureOptions,
): Promise<CapacityAnswer> {
  const goals: Goals = { ...question.spec.goal! };
  const searched = await search(measure, question, options, goals, capacityOf);
  const { answer, records } = searched;
  if (!answer || !question.verify) return searched;
  const prove = (requestsPerSecond: number) => {
    const claim = { goals, requestsPerSecond, cpu: answer.point.cpu, example: exampleOf(records) };
    return verifyRate(measure, claim, proving(options, requestsPerSecond));
  };
  const verification = await prove(answer.recommendedRequestsPerSecond);
  if (isSettled(verification)) return { ...searched, answer: { ...answer, verification } };
  const lowered = wholeRate(answer.recommendedRequestsPerSecond / STEP);
  const again = await prove(lowered);
  return { ...searched, answer: { ...answer, recommendedRequestsPerSecond: lowered, verification: again } };
}

/** Runs the search, and makes of what it found a recommendation. */
async function search<Recommendation>(
  measure: Measure,
  { spec, confidence }: SearchQuestion,
  options: MeasureOptions,
  goals: Goals,
  recommendationOf: (shown: Shown) => Recommendation,
): Promise<SearchAnswer<Recommendation>> {
  const startedMs = performance.now();
  const { id, status, trials } = await measure(spec, options);
  const found = foundOf(trials, spec);
  const measuring = { trials: trials.length, seconds: (performance.now() - startedMs) / 1000 };
  const searched = { sweepId: id, status, proxy: spec.proxies[0]!, goals, records: trials, found, measuring };
  if (status === "interrupted") return searched;
  const { holds } = found;
  if (holds === undefined) return { ...searched, unmet: unmetOf(found, spec) };
  return { ...searched, answer: recommendationOf({ trials, found, spec, holds, confidence }) };
}

/** Trials of a search in which a level held. */
interface Shown {
  readonly trials: readonly TrialRecord[];
  readonly found: FoundLevel;
  readonly spec: SweepSpec;
  readonly holds: number;
  readonly confidence: number;
}

function sizeOf({ trials, found, spec, holds, confidence }: Shown): SizeRecommendation {
  const { fails } = found;
  const reference = found.reference!;
  const line = crossingOf(trials, spec, confidence);
  const recommended = line ? clamp(line.forNext, holds, mostReserve * holds) : usualReserve * holds;
  const memory = memoryFor(reference.point.memoryBytes, peakOf(trials));
  const useCpu = reference.usage?.cpuAchieved;
  const directP99Ms = reference.directLatencyMs?.p99;
  return {
    recommendedCpu: Math.min(Math.max(...spec.cpu), limitMillis(recommended) / 1000),
    cpu: {
      estimate: line ? clamp(line.estimate, fails ?? 0, holds) : holds,
      ...(line ? { low: line.low, high: line.high } : fails !== undefined && { low: fails }),
      confidence,
    },
    ...(useCpu !== undefined && { useCpu }),
    ...(directP99Ms !== undefined && { directP99Ms }),
    ...(memory && { memory }),
    point: reference.point,
  };
}

function capacityOf({ trials, found, spec, holds, confidence }: Shown): CapacityRecommendation {
  const { fails = Number.POSITIVE_INFINITY } = found;
  const line = crossingOf(trials, spec, confidence);
  const recommended = line ? clamp(line.forNext, holds / mostReserve, holds) : holds / usualReserve;
  const best = trials.find(({ point }) => point.requestsPerSecond === holds)!;
  const directP99Ms = best.directLatencyMs?.p99;
  const served = trials.flatMap((trial) =>
    trial.verdict?.bound === "proxy-bound" && missedRate(trial) ? trial.result!.requestsPerSecond : [],
  );
  const unshown = unshownOf(found, spec, holds);
  const crossing = line && {
    estimate: clamp(line.estimate, holds, fails),
    low: line.low,
    high: line.high,
  };
  const between = Number.isFinite(fails) ? { estimate: holds, high: fails } : { estimate: holds };
  return {
    recommendedRequestsPerSecond: wholeRate(recommended),
    // Where p99 would meet the goal beyond what can be shown is not known.
    requestsPerSecond: { ...(unshown ? { estimate: holds, low: holds } : (crossing ?? between)), confidence },
    ...(unshown && { atLeast: unshown }),
    ...(served.length > 0 && { mostRequestsPerSecond: Math.max(...served) }),
    ...(directP99Ms !== undefined && { directP99Ms }),
    point: best.point,
  };
}

/** What kept rates above the one that held from telling of the proxy; `undefined` where one was missed by the proxy itself. */
function unshownOf({ blocked, fails }: FoundLevel, spec: SweepSpec, holds: number): Unshown | undefined {
  const axis = axisOf(spec);
  if (holds === axis.hardest) return { cause: "range" };
  const isNearest = blocked && (fails === undefined || isHarder(axis, fails, levelOf(axis, blocked)));
  return isNearest ? obstacleOf(blocked, spec) : undefined;
}

/**
 * Where p99 meets the goal along the axis of a search, in levels, and the level from which on one further run keeps it:
 * one-sided. `undefined` where the trials do not show it.
 */
function crossingOf(trials: readonly TrialRecord[], spec: SweepSpec, confidence: number) {
  const axis = axisOf(spec);
  const goal = spec.goal!;
  const easeOfLog = axis.easiest > axis.hardest ? 1 : -1;
  const points = trials.flatMap((trial) => {
    const p99 = trial.result?.latencyMs.p99;
    const served = outcomeOf(trial, goal) !== "blocked" && isBelieved(trial) && p99 !== undefined;
    const y = served ? Math.log(p99 / goal.p99Ms) : Number.NaN;
    return Math.abs(y) <= Math.log(near) ? [{ x: easeOfLog * Math.log(levelOf(axis, trial)), y }] : [];
  });
  const line = lineCrossing(points, confidence);
  if (!line) return undefined;
  const levelAt = (ease: number) => Math.exp(easeOfLog * ease);
  const [low, high] = [levelAt(line.low), levelAt(line.high)].toSorted((a, b) => a - b) as [number, number];
  return { estimate: levelAt(line.estimate), low, high, forNext: levelAt(line.forNext) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function peakOf(trials: readonly TrialRecord[]): number | undefined {
  const peaks = trials.flatMap(({ usage }) => usage?.memoryPeakBytes ?? []);
  return peaks.length > 0 ? Math.max(...peaks) : undefined;
}

function exampleOf(trials: readonly TrialRecord[]): TrialRecord {
  return trials.findLast(({ status }) => status === "completed")!;
}

/** One run of each level, in a window that can show the percentile. */
function proving(options: MeasureOptions, requestsPerSecond: number) {
  return { ...options, replicates: 1, windowSeconds: windowToShow(requestsPerSecond) };
}

/** It held, or there is nothing that another level would tell. */
function isSettled({ status, recommended }: Pick<Verification | RateVerification, "status" | "recommended">): boolean {
  return recommended.held !== false || status === "interrupted";
}

function unmetOf({ failure, blocked }: FoundLevel, spec: SweepSpec): Unmet {
  const axis = axisOf(spec);
  const isBlocked = blocked && !(failure && isHarder(axis, levelOf(axis, blocked), levelOf(axis, failure)));
  if (isBlocked || !failure) return blocked ? obstacleOf(blocked, spec) : { cause: "blocked" };
  if (!canBeShown(failure, spec.goal!)) return obstacleOf(failure, spec);
  const { result, verdict } = failure;
  const why = verdict && { bound: verdict.bound, evidence: verdict.evidence };
  if ((result?.latencyMs.p99 ?? 0) > spec.goal!.p99Ms) return { cause: "latency", ...why };
  const failed = (result?.failedRequests ?? 0) > 0 && verdict?.bound === "rate-bound";
  return { cause: failed ? "failures" : "rate", ...why };
}

function obstacleOf(trial: TrialRecord, { goal }: SweepSpec): Obstacle {
  if (!canBeShown(trial, goal!)) return { cause: "baseline", directP99Ms: trial.directLatencyMs!.p99! };
  const { verdict, error } = trial;
  const evidence = verdict?.evidence ?? error?.message;
  return { cause: "blocked", ...(verdict && { bound: verdict.bound }), ...(evidence && { evidence }) };
}
