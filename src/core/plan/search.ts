import { isBelieved, missedRate, type TrialRecord } from "../domain/record.ts";
import type { ServiceGoal, SweepSpec } from "../domain/spec.ts";
import { gridPoints } from "./grid.ts";
import type { Queue } from "./plan.ts";

/** Requests that may fail where the goal does not say. */
const usualFailedShare = 0.001;
/** The search ends when the level that holds and the one that does not are at most this ratio apart. */
const closeEnough = 1.15;
/** A level that held once is tried again before it is believed. */
const timesToHold = 2;
/** So often a level has to fail to be believed to, where the quota stopped hardly any period. */
const timesToFail = 2;
const hardlyThrottled = 0.01;
/** Trials at one level that say nothing of the proxy, after which that level is given up. */
const mostBlocked = 2;
const mostTrials = 12;
/** With the first trial and the one that confirms. */
const usualTrials = 7;
/** Levels at which nothing held, before the easiest is tried. */
const mostGuesses = 3;

/** Shortest and longest window, in seconds, and the requests that one is to hold if it can. */
interface WindowWish {
  readonly least: number;
  readonly most: number;
  readonly requests: number;
}

/** How long a window is at a rate, in whole seconds. */
export function windowAt(requestsPerSecond: number, { least, most, requests }: WindowWish): number {
  return Math.min(most, Math.max(least, Math.ceil(requests / requestsPerSecond)));
}

/** How long the windows of a search are at a rate, in seconds: so that a p99 has some requests beyond it. */
export function searchWindow(requestsPerSecond: number): number {
  return windowAt(requestsPerSecond, { least: 4, most: 30, requests: 500 });
}

/** What one trial says of a goal; `blocked`: something else than the proxy was in the way. */
export type Outcome = "held" | "failed" | "blocked";

/** What a search varies, and between which levels. */
export interface Axis {
  readonly key: "cpu" | "requestsPerSecond";
  /** Where the goal is kept if anywhere, and where least of all. */
  readonly easiest: number;
  readonly hardest: number;
  /** Where the first trial is. */
  readonly first: number;
  /** Levels are whole numbers of a unit: so many make 1. */
  readonly unitsInOne: number;
  /** Whether what was in the way of a trial may be out of it at an easier level: the load tool has less to do there. */
  readonly easesLoad: boolean;
  /** The hardest level worth trying, by what trials that say something of the proxy served and used. */
  worthTrying(trials: readonly TrialRecord[]): number;
  /** A level near which the answer may be, while only the easiest has held, or none; `undefined`: not known. */
  guess(trials: readonly TrialRecord[], found: FoundLevel): number | undefined;
}

/** What is known of the last level at which a proxy keeps its goal. */
export interface FoundLevel {
  /** The first trial that says something of the proxy. */
  readonly reference?: TrialRecord;
  /** Hardest level up to which all trials held, and the easiest beyond it at which one did not. */
  readonly holds?: number;
  readonly fails?: number;
  /** A trial at `fails` that did not hold. */
  readonly failure?: TrialRecord;
  /** The trial at the easiest level at which something else was in the way and stayed there. */
  readonly blocked?: TrialRecord;
}

export function outcomeOf(record: TrialRecord, goal: ServiceGoal): Outcome {
  const { result, verdict, status } = record;
  if (status !== "completed") return verdict?.bound === "memory-bound" ? "failed" : "blocked";
  // What load tool and origins alone do not keep is kept, or missed, by chance.
  if (result && keeps(record, goal)) return canBeShown(record, goal) ? "held" : "blocked";
  if (!isBelieved(record)) return "blocked";
  return isAtItsLimit(record) || (isSlow(record) && canBeShown(record, goal)) ? "failed" : "blocked";
}

/** Whether load tool and origins alone keep a goal at the rate of a trial. */
export function canBeShown({ directLatencyMs }: TrialRecord, { p99Ms }: ServiceGoal): boolean {
  return (directLatencyMs?.p99 ?? 0) < p99Ms;
}

function keeps(record: TrialRecord, { p99Ms, failedShare = usualFailedShare }: ServiceGoal): boolean {
  const { completedRequests, failedRequests, latencyMs } = record.result!;
  return (
    !missedRate(record) &&
    failedRequests <= failedShare * (completedRequests + failedRequests) &&
    (latencyMs.p99 ?? Number.POSITIVE_INFINITY) <= p99Ms
  );
}

function isAtItsLimit({ verdict }: TrialRecord): boolean {
  return verdict?.bound === "proxy-bound" || verdict?.bound === "memory-bound";
}

/** The proxy, or its quota, is what made requests wait; a proxy whose rate was met is slow by itself. */
function isSlow({ verdict, usage }: TrialRecord): boolean {
  return verdict?.bound === "rate-bound" || (verdict?.bound === "unclear" && (usage?.throttledShare ?? 0) > 0);
}

/** The axis of a plan that searches. */
export function axisOf(spec: SweepSpec): Axis {
  return spec.plan === "capacity" ? rateAxis(spec) : cpuAxis(spec);
}

/** A quota makes a proxy serve what waited in one go, which is cheaper: no limit below this share of its free use was seen to do. */
const leastOfUse = 0.6;
/** Most answers are about so many times the use without a limit. */
const usualShareOfUse = 2;

/** The least CPU limit at a rate. The first trial is at the highest: a goal that is missed there is missed for other reasons. */
function cpuAxis({ cpu }: SweepSpec): Axis {
  const [lowest, highest] = [Math.min(...cpu), Math.max(...cpu)];
  const usedBy = ([free]: readonly TrialRecord[]) => free?.usage?.cpuAchieved;
  return {
    key: "cpu",
    easiest: highest,
    hardest: lowest,
    first: highest,
    unitsInOne: 1000,
    easesLoad: false,
    worthTrying: (trials) => Math.max(lowest, leastOfUse * (usedBy(trials) ?? 0)),
    guess(trials, { fails }) {
      const base = fails ?? usedBy(trials);
      return base === undefined ? undefined : usualShareOfUse * base;
    },
  };
}

/** No proxy was seen to serve a request in less CPU time, in seconds. */
const leastCost = 20e-6;
/** A proxy that is offered more than it can serve serves most; no more than so many times that is worth offering. */
const mostOfServed = 1.05;
/** Most answers are about this share of what a proxy serves when it is offered too much. */
const usualShareOfServed = 0.6;

/**
 * The highest rate under a CPU limit. The first trial offers more than the limit can serve, if the range goes so far: what is
 * served then bounds the answer.
 */
function rateAxis({ cpu: [cpu], requestsPerSecond: rates }: SweepSpec): Axis {
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
  const served = ({ result }: TrialRecord) => result?.requestsPerSecond ?? Number.POSITIVE_INFINITY;
  return {
    key: "requestsPerSecond",
    easiest: lowest,
    hardest: highest,
    first: Math.max(lowest, Math.min(highest, Math.round(cpu! / leastCost))),
    unitsInOne: 1,
    easesLoad: true,
    worthTrying(trials) {
      const short = trials.filter((trial) => missedRate(trial) && isAtItsLimit(trial));
      return Math.min(highest, ...short.map((trial) => mostOfServed * served(trial)));
    },
    guess(trials, { holds }) {
      if (holds !== undefined) return undefined;
      const most = Math.min(...trials.map(served));
      return Number.isFinite(most) ? usualShareOfServed * most : undefined;
    },
  };
}

/** What the trials of a search have shown. */
export function foundOf(records: readonly TrialRecord[], spec: SweepSpec, axis = axisOf(spec)): FoundLevel {
  const goal = spec.goal!;
  const byEase = records.toSorted((a, b) => hardness(axis, levelOf(axis, a)) - hardness(axis, levelOf(axis, b)));
  const reference = records.find((record) => outcomeOf(record, goal) !== "blocked");
  const failure = byEase.find(
    (record) => outcomeOf(record, goal) === "failed" && !isDoubted(record, records, goal, axis),
  );
  const fails = failure && levelOf(axis, failure);
  const before = fails === undefined ? byEase : byEase.filter((one) => isHarder(axis, fails, levelOf(axis, one)));
  const held = before.findLast((record) => outcomeOf(record, goal) === "held");
  const givenUp = new Set(records.filter((_, index) => isGivenUp(records.slice(0, index + 1), goal, axis)));
  const blocked = byEase.find((record) => givenUp.has(record));
  return {
    ...(reference && { reference }),
    ...(held && { holds: levelOf(axis, held) }),
    ...(failure && fails !== undefined && { fails, failure }),
    ...(blocked && { blocked }),
  };
}

export function levelOf({ key }: Pick<Axis, "key">, { point }: Pick<TrialRecord, "point">): number {
  return point[key]!;
}

/** Whether a goal is harder to keep at one level than at another. */
export function isHarder(axis: Axis, level: number, than: number): boolean {
  return hardness(axis, level) > hardness(axis, than);
}

function hardness({ easiest, hardest }: Axis, level: number): number {
  return hardest > easiest ? level : -level;
}

/**
 * A trial that failed alone at its level, though the quota hardly stopped the proxy: a moment's disturbance of the machine does
 * that, too.
 */
function isDoubted(record: TrialRecord, records: readonly TrialRecord[], goal: ServiceGoal, axis: Axis): boolean {
  const { throttledShare = 1 } = record.usage ?? {};
  if (outcomeOf(record, goal) !== "failed" || missedRate(record) || throttledShare >= hardlyThrottled) return false;
  const alike = records.filter((one) => levelOf(axis, one) === levelOf(axis, record));
  return alike.filter((one) => outcomeOf(one, goal) === "failed").length < timesToFail;
}

/** The last trials, all at one level, said nothing; of a goal that cannot be shown there one is enough. */
function isGivenUp(records: readonly TrialRecord[], goal: ServiceGoal, axis: Axis): boolean {
  const last = records.slice(-mostBlocked);
  const newest = last.at(-1)!;
  if (outcomeOf(newest, goal) !== "blocked") return false;
  if (!canBeShown(newest, goal)) return true;
  return (
    last.length === mostBlocked &&
    last.every((one) => outcomeOf(one, goal) === "blocked" && levelOf(axis, one) === levelOf(axis, newest))
  );
}

/**
 * Searches by bisection, on a log scale, for the last level at which a proxy keeps a goal: the least CPU limit at the rate that
 * it is offered (`size`), or the highest rate under a CPU limit (`capacity`). The levels follow from the records alone, so
 * that an interrupted search can go on. `earlier`: what it had recorded by then.
 */
export function searchQueue(spec: SweepSpec, earlier: readonly TrialRecord[] = []): Queue {
  const axis = axisOf(spec);
  const [start] = gridPoints({ ...spec, [axis.key]: [axis.first] });
  let known = earlier;
  let begun = 0;
  return {
    next(records) {
      known = [...records]; // the caller's grows
      const level = nextLevel(records, spec, axis);
      begun = level === undefined ? 0 : 1;
      if (level === undefined) return undefined;
      const replicate = records.filter((one) => levelOf(axis, one) === level).length;
      return { sequence: records.length, replicate, point: { ...start!, [axis.key]: level } };
    },
    remaining: () => ({ trials: Math.max(0, trialsLeft(known, spec, axis) - begun), starts: 0 }),
    needs: () => true,
  };
}

function nextLevel(records: readonly TrialRecord[], spec: SweepSpec, axis: Axis): number | undefined {
  const goal = spec.goal!;
  const last = records.at(-1);
  if (last === undefined) return axis.first;
  if (records.length >= mostTrials) return undefined;
  const givenUp = isGivenUp(records, goal, axis);
  if (givenUp && !axis.easesLoad) return undefined;
  if (outcomeOf(last, goal) === "blocked" && !givenUp) return levelOf(axis, last);
  if (isDoubted(last, records, goal, axis)) return levelOf(axis, last);
  const found = foundOf(records, spec, axis);
  const telling = records.filter((record) => outcomeOf(record, goal) !== "blocked");
  const limit = hardestLeft(found, telling, axis);
  const { holds } = found;
  if (holds === undefined) return easierLevel(records, limit, axis);
  if (isHarder(axis, limit, holds) && !isClose(limit, holds)) {
    const middle = Math.sqrt(limit * holds);
    const guess = axis.guess(telling, found);
    // Rather from the hard side, where most answers are.
    const nearer = holds === axis.easiest && guess !== undefined && isHarder(axis, guess, middle) ? guess : middle;
    return rounded(nearer, [limit, holds], axis);
  }
  const times = records.filter((one) => levelOf(axis, one) === holds && outcomeOf(one, goal) === "held").length;
  return times < timesToHold ? holds : undefined;
}

/** Where nothing has held: some guesses, and then the easiest level, which decides whether anything does. */
function easierLevel(records: readonly TrialRecord[], limit: number, axis: Axis): number | undefined {
  const tried = new Set(records.map((record) => levelOf(axis, record)));
  if (tried.has(axis.easiest)) return undefined;
  const guess = axis.guess(records, {}) ?? Math.sqrt(axis.easiest * limit);
  const level = rounded(guess, [limit, axis.easiest], axis);
  return tried.size > mostGuesses || !isHarder(axis, level, axis.easiest) ? axis.easiest : level;
}

/** The easiest level of those that are known not to do. */
function hardestLeft({ fails, blocked }: FoundLevel, telling: readonly TrialRecord[], axis: Axis): number {
  const levels = [axis.worthTrying(telling), ...(fails === undefined ? [] : [fails])];
  if (blocked) levels.push(levelOf(axis, blocked));
  return levels.reduce((easiest, level) => (isHarder(axis, easiest, level) ? level : easiest));
}

function isClose(one: number, other: number): boolean {
  return Math.max(one, other) <= closeEnough * Math.min(one, other);
}

/** To three digits, and to whole units, between two others. */
function rounded(level: number, ends: readonly number[], { unitsInOne }: Axis): number {
  const near = Math.max(1, Math.round(Number(level.toPrecision(3)) * unitsInOne)) / unitsInOne;
  return near > Math.min(...ends) && near < Math.max(...ends) ? near : Number(level.toPrecision(4));
}

/** An estimate: halving the range until it is small, and the last level once more. */
function trialsLeft(records: readonly TrialRecord[], spec: SweepSpec, axis: Axis): number {
  if (records.length === 0) return usualTrials;
  if (nextLevel(records, spec, axis) === undefined) return 0;
  const found = foundOf(records, spec, axis);
  const telling = records.filter((record) => outcomeOf(record, spec.goal!) !== "blocked");
  const range = Math.abs(Math.log((found.holds ?? axis.easiest) / hardestLeft(found, telling, axis)));
  const halvings = Math.max(0, Math.ceil(Math.log2(range / Math.log(closeEnough))));
  return Math.min(mostTrials - records.length, halvings + timesToHold - 1);
}
