import type { Point } from "../domain/point.ts";
import { isBelieved, type TrialRecord } from "../domain/record.ts";
import type { ServiceGoal, SweepSpec } from "../domain/spec.ts";
import { servedShare } from "../domain/verdicts.ts";
import { gridPoints } from "./grid.ts";
import type { Queue } from "./plan.ts";

/** Requests that may fail where the goal does not say. */
const usualFailedShare = 0.001;
/** The search ends when the limit that holds is at most this many times the one that does not. */
const closeEnough = 1.15;
/** A quota makes a proxy serve what waited in one go, which is cheaper: no limit below this share of its free use was seen to do. */
const leastOfUse = 0.6;
/** Where the search begins, in shares of the use without a limit: about the middle of what goals need. */
const usualShare = 2;
/** A limit that held once is tried again before it is believed. */
const timesToHold = 2;
/** Trials at one limit that say nothing of the proxy, after which the search is given up. */
const mostBlocked = 2;
const mostTrials = 12;
/** With the free trial and the one that confirms. */
const usualTrials = 7;

/** What one trial says of a goal; `blocked`: something else than the proxy was in the way. */
export type Outcome = "held" | "failed" | "blocked";

/** What is known of the least CPU that a proxy needs to keep its goal at a rate. */
export interface FoundSize {
  /** The trial at the highest limit, for the use of CPU and the latency that the proxy has when nothing stops it. */
  readonly reference?: TrialRecord;
  /** Lowest limit from which on all trials held, and highest below it at which one did not, in cores. */
  readonly holdsCpu?: number;
  readonly failsCpu?: number;
  /** A trial at `failsCpu` that did not hold. */
  readonly failure?: TrialRecord;
  /** The last trial that said nothing of the proxy, where the search was given up for it. */
  readonly blocked?: TrialRecord;
}

export function outcomeOf(record: TrialRecord, goal: ServiceGoal): Outcome {
  const { result, verdict, status } = record;
  if (status === "completed" && result && keeps(record, goal)) return "held";
  if (status !== "completed") return verdict?.bound === "memory-bound" ? "failed" : "blocked";
  return isBelieved(record) && isOwnDoing(record) ? "failed" : "blocked";
}

function keeps({ result }: TrialRecord, { p99Ms, failedShare = usualFailedShare }: ServiceGoal): boolean {
  const { requestsPerSecond, offeredRequestsPerSecond = 0, completedRequests, failedRequests, latencyMs } = result!;
  return (
    requestsPerSecond >= servedShare * offeredRequestsPerSecond &&
    failedRequests <= failedShare * (completedRequests + failedRequests) &&
    (latencyMs.p99 ?? Number.POSITIVE_INFINITY) <= p99Ms
  );
}

/** The proxy, or its quota, is what made a goal fail; a proxy whose rate was met is slow by itself. */
function isOwnDoing({ verdict, usage }: TrialRecord): boolean {
  const bound = verdict?.bound;
  if (bound === "proxy-bound" || bound === "memory-bound" || bound === "rate-bound") return true;
  return bound === "unclear" && (usage?.throttledShare ?? 0) > 0;
}

/** What the trials of a search have shown. */
export function sizeOf(records: readonly TrialRecord[], goal: ServiceGoal): FoundSize {
  const reference = records.find((record) => outcomeOf(record, goal) !== "blocked");
  const failed = records.filter((record) => outcomeOf(record, goal) === "failed");
  const failure = failed.toSorted((a, b) => a.point.cpu - b.point.cpu).at(-1);
  const failsCpu = failure?.point.cpu ?? 0;
  const held = records.filter((record) => outcomeOf(record, goal) === "held" && record.point.cpu > failsCpu);
  const blocked = records.at(-1);
  // What load tool and origins alone do not keep is kept by chance.
  const canBeShown = (reference?.directLatencyMs?.p99 ?? 0) < goal.p99Ms;
  return {
    ...(reference && { reference }),
    ...(held.length > 0 && canBeShown && { holdsCpu: Math.min(...held.map(({ point }) => point.cpu)) }),
    ...(failure && { failsCpu, failure }),
    ...(blocked && isGivenUp(records, goal) && { blocked }),
  };
}

/** The last trials, all at one limit, said nothing. */
function isGivenUp(records: readonly TrialRecord[], goal: ServiceGoal): boolean {
  const last = records.slice(-mostBlocked);
  return (
    last.length === mostBlocked &&
    last.every((record) => outcomeOf(record, goal) === "blocked" && record.point.cpu === last[0]!.point.cpu)
  );
}

/**
 * Searches by bisection, on a log scale, for the least CPU limit at which a proxy keeps a goal at the rate that it is
 * offered. The first trial is at the highest limit: a goal that is missed there is missed for other reasons. The limits
 * follow from the records alone, so that an interrupted search can go on. `earlier`: what it had recorded by then.
 */
export function sizeQueue(spec: SweepSpec, earlier: readonly TrialRecord[] = []): Queue {
  const goal = spec.goal!;
  const [start] = gridPoints({ ...spec, cpu: [Math.max(...spec.cpu)] });
  const lowest = Math.min(...spec.cpu);
  let known = earlier;
  let begun = 0;
  return {
    next(records) {
      known = [...records]; // the caller's grows
      const cpu = nextLimit(records, goal, lowest, start!.cpu);
      begun = cpu === undefined ? 0 : 1;
      if (cpu === undefined) return undefined;
      const point: Point = { ...start!, cpu };
      return { sequence: records.length, replicate: records.filter((one) => one.point.cpu === cpu).length, point };
    },
    remaining: () => ({ trials: Math.max(0, trialsLeft(known, goal, lowest, start!.cpu) - begun), starts: 0 }),
    needs: () => true,
  };
}

function nextLimit(
  records: readonly TrialRecord[],
  goal: ServiceGoal,
  lowest: number,
  highest: number,
): number | undefined {
  const { reference, holdsCpu, failsCpu, blocked } = sizeOf(records, goal);
  if (blocked || records.length >= mostTrials) return undefined;
  const last = records.at(-1);
  if (last && outcomeOf(last, goal) === "blocked") return last.point.cpu;
  if (!reference) return highest;
  if (holdsCpu === undefined) return undefined;
  const use = reference.usage?.cpuAchieved;
  const low = failsCpu ?? leastWorthTrying(reference, lowest);
  if (holdsCpu > closeEnough * low) {
    const middle = Math.sqrt(low * holdsCpu);
    // Nothing but the free trial has held: rather from below, where most answers are.
    const guess = usualShare * (failsCpu ?? use ?? middle);
    return rounded(holdsCpu === highest ? Math.min(middle, guess) : middle, low, holdsCpu);
  }
  const times = records.filter(({ point }) => point.cpu === holdsCpu).length;
  return times < timesToHold ? holdsCpu : undefined;
}

function leastWorthTrying(reference: TrialRecord | undefined, lowest: number): number {
  return Math.max(lowest, leastOfUse * (reference?.usage?.cpuAchieved ?? 0));
}

/** To three digits, and to thousandths of a core, between two others. */
function rounded(cpu: number, low: number, high: number): number {
  const near = Math.max(0.001, Math.round(Number(cpu.toPrecision(3)) * 1000) / 1000);
  return near > low && near < high ? near : Number(cpu.toPrecision(4));
}

/** An estimate: halving the range until it is small, and the last limit once more. */
function trialsLeft(records: readonly TrialRecord[], goal: ServiceGoal, lowest: number, highest: number): number {
  if (records.length === 0) return usualTrials;
  if (nextLimit(records, goal, lowest, highest) === undefined) return 0;
  const { reference, holdsCpu = highest, failsCpu } = sizeOf(records, goal);
  const low = failsCpu ?? leastWorthTrying(reference, lowest);
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.log(holdsCpu / low) / Math.log(closeEnough))));
  return Math.min(mostTrials - records.length, halvings + timesToHold - 1);
}
