import type { SweepEnd } from "../domain/events.ts";
import { figureOf, type LearnedFigure } from "../domain/figures.ts";
import { isBelieved, type TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { type Bound, servedShare, showsProxy } from "../domain/verdicts.ts";
import { mean } from "../statistics/index.ts";
import { atSpeedOf, type SpeedBasis, speedBasisOf } from "../statistics/trials/speeds.ts";
import type { FixedLevels } from "./course.ts";
import { type Goals, meets, type Wish, wishesOf } from "./goals.ts";
import { wasKilled } from "./learning/rows.ts";
import { limitMillis } from "./recommend.ts";
import { type Example, type Measure, type MeasureOptions, runsLike, specLike } from "./setting.ts";

/** A recommendation to be tried. */
export interface Claim {
  readonly goals: Goals;
  /** Recommended CPU limit, in cores. */
  readonly cpu: number;
  readonly levels: FixedLevels;
  /** How to try it: like this trial. */
  readonly example: Example;
  /** The speed that it holds for; absent where no probe ran. */
  readonly speed?: SpeedBasis | undefined;
}

/** One goal at one CPU limit: the mean of the runs, and how many of them met it. */
export interface GoalFinding {
  readonly target: LearnedFigure;
  readonly wanted: number;
  readonly measured: number;
  readonly runsMet: number;
  /** By the mean. */
  readonly met: boolean;
}

/** A rate to be tried under a CPU limit, as trials like an example. */
export interface RateClaim {
  /** What is to be kept at the rate. */
  readonly goals: Goals;
  readonly requestsPerSecond: number;
  /** In cores. */
  readonly cpu: number;
  readonly example: Example;
}

/** What was found at one CPU limit. */
export interface Checked {
  readonly cpu: number;
  readonly runs: number;
  readonly failedRuns: number;
  /** How many of the failed runs were killed at the memory limit; absent: none. */
  readonly killedRuns?: number;
  /** Runs that count for nothing, since their load tool contradicted what the lab saw; absent: none. */
  readonly contradictedRuns?: number;
  /** The means of the runs meet all goals, and none was killed at the memory limit; absent: not measured. */
  readonly held?: boolean;
  readonly findings: readonly GoalFinding[];
  /** Where something else than the proxy held the rate down in most of the runs: what did. */
  readonly bound?: Bound;
}

export interface Verification {
  readonly sweepId: string;
  readonly status: SweepEnd;
  readonly recommended: Checked;
  /** One step below; where it holds too, less CPU would do. */
  readonly below: Checked;
  /** What speed of the machine the runs were judged at; absent where no probe ran. */
  readonly speed?: SpeedBasis;
}

export interface CheckedRate extends Checked {
  /** That was offered. */
  readonly requestsPerSecond: number;
}

export interface RateVerification {
  readonly sweepId: string;
  readonly status: SweepEnd;
  /** Of the recommended rate; absent: not measured. */
  readonly held?: boolean;
  readonly recommended: CheckedRate;
  /** One step above; where it holds too, more could be served. */
  readonly above: CheckedRate;
}

/** A step down or up, as a ratio. */
export const STEP = 1.15;

export interface VerifyOptions extends MeasureOptions {
  readonly replicates?: number;
  readonly windowSeconds?: number;
}

/**
 * Runs the recommended point, and one a step below, for real: some short runs of each in random order, made as the trials
 * were that the recommendation comes from, and judged at the speed that it holds for. Their records go into the store,
 * where models learn from them next time. Throws what the sweep throws.
 */
export async function verify(measure: Measure, claim: Claim, options: VerifyOptions): Promise<Verification> {
  const { replicates = runsLike(claim.example, 3), windowSeconds, ...sweeping } = options;
  const cpu = limitMillis(claim.cpu) / 1000;
  const below = limitMillis(cpu / STEP) / 1000;
  const spec = specLike(claim.example, [cpu, below], claim.levels, {
    title: "verification",
    replicates,
    seed: 1,
    ...(windowSeconds !== undefined && { windowSeconds }),
  });
  const { id, status, trials } = await measure(spec, sweeping);
  const alike = atSpeedOf(claim.speed, trials);
  const at = (limit: number) =>
    check(
      claim.goals,
      limit,
      alike.filter(({ point }) => point.cpu === limit),
    );
  const speed = speedBasisOf(alike);
  return { sweepId: id, status, recommended: at(cpu), below: at(below), ...(speed && { speed }) };
}

/** The same for an offered rate under a CPU limit, and one a step above. Throws what the sweep throws. */
export async function verifyRate(
  measure: Measure,
  claim: RateClaim,
  { replicates = runsLike(claim.example, 3), windowSeconds, ...sweeping }: VerifyOptions,
): Promise<RateVerification> {
  const { requestsPerSecond: rate, cpu, goals, example } = claim;
  const more = wholeRate(rate * STEP);
  const plan = { title: "verification", replicates, seed: 1, ...(windowSeconds !== undefined && { windowSeconds }) };
  const spec: SweepSpec = { ...specLike(example, [cpu], {}, plan), requestsPerSecond: [rate, more] };
  const { id, status, trials } = await measure(spec, sweeping);
  const at = (requestsPerSecond: number): CheckedRate => {
    const tried = trials.filter(({ point }) => point.requestsPerSecond === requestsPerSecond);
    return { requestsPerSecond, ...check({ ...goals, requestsPerSecond }, cpu, tried) };
  };
  const [recommended, above] = [at(rate), at(more)];
  const { held } = recommended;
  return { sweepId: id, status, ...(held !== undefined && { held }), recommended, above };
}

/** A rate in whole requests/s, down to three digits: more may be too much. */
export function wholeRate(requestsPerSecond: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(requestsPerSecond)) - 2);
  return Math.max(1, unit * Math.floor(requestsPerSecond / unit + 1e-9));
}

/** What the trials at a CPU limit say about the goals, which do not hold where a run was killed at the memory limit. */
export function check(goals: Goals, cpu: number, tried: readonly TrialRecord[]): Checked {
  const completed = tried.filter(({ status }) => status === "completed");
  const runs = completed.filter(isBelieved);
  const findings = wishesOf(goals).flatMap((wish): GoalFinding[] => {
    const figures = runs.flatMap((run) => figureOf(wish.target).of(run) ?? []);
    if (figures.length === 0) return [];
    const fair = isOffered(wish, runs) ? { ...wish, figure: servedShare * wish.figure } : wish;
    const runsMet = figures.filter((figure) => meets(fair, figure)).length;
    const measured = mean(figures);
    return [{ target: wish.target, wanted: wish.figure, measured, runsMet, met: meets(fair, measured) }];
  });
  const other = runs.flatMap(({ verdict }) => verdict?.bound ?? []).filter((bound) => !showsProxy(bound));
  const killedRuns = tried.filter(wasKilled).length;
  const contradictedRuns = completed.length - runs.length;
  const held = heldBy(goals, findings, killedRuns);
  return {
    cpu,
    runs: runs.length,
    failedRuns: tried.length - completed.length,
    ...(killedRuns > 0 && { killedRuns }),
    ...(contradictedRuns > 0 && { contradictedRuns }),
    ...(held !== undefined && { held }),
    findings,
    ...(other.length > runs.length / 2 && { bound: other[0]! }),
  };
}

/** The wanted rate is the one that open loops were asked for: they cannot serve more. */
function isOffered({ target, figure }: Wish, runs: readonly TrialRecord[]): boolean {
  return (
    target === "requestsPerSecond" && runs.every(({ result }) => (result?.offeredRequestsPerSecond ?? 0) >= figure)
  );
}

/** `undefined` where too little was measured to say. */
function heldBy(goals: Goals, findings: readonly GoalFinding[], killedRuns: number): boolean | undefined {
  const wishes = wishesOf(goals);
  if (killedRuns > 0) return false;
  if (findings.length < wishes.length) return undefined;
  return findings.every(({ met }) => met);
}
