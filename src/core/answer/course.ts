import type { LevelKey, Levels } from "../domain/factors.ts";
import { meets, type Wish } from "./goals.ts";
import { type Curves, curves, type Predictor } from "./learning/predictor.ts";
import type { Refused } from "./learning/refusal.ts";
import { cpuRange, measuredLevels, rowFor } from "./question.ts";

/** Levels of the factors that stay fixed. */
export type FixedLevels = Omit<Levels, "cpu">;

/** A wish with what answers it. */
export interface Asked {
  readonly wish: Wish;
  readonly predictor: Predictor;
}

/** What is expected of each wish along some CPU limits. */
export interface Stretch {
  /** CPU limits, in cores, in rising order. */
  readonly cpus: readonly number[];
  /** For each wish, in their order. */
  readonly curves: readonly Curves[];
}

/** What is expected along the measured range of CPU limits. */
export interface Course extends Stretch {
  readonly asked: readonly Asked[];
  /** A row of the models along it, for the levels that stay fixed. */
  readonly x: readonly number[];
  readonly at: (cpus: readonly number[]) => Promise<Stretch | Refused>;
}

/** Whether the wishes are met at a place of a stretch. */
export type Test = (stretch: Stretch, place: number) => boolean;

const COARSE = 128;
const FINE = 64;

/** Follows predictors of the same trials along the measured CPU limits. Refuses what `rowFor` and `curves` refuse. */
export async function trace(
  asked: readonly Asked[],
  fixed: FixedLevels,
  confidence: number,
): Promise<Course | Refused> {
  const x: (readonly number[])[] = [];
  for (const { predictor } of asked) {
    const located = rowFor(predictor.rows, { ...fixed, cpu: measuredLevels(predictor.rows.training, "cpu")[0]! });
    if (!located.ok) return located;
    x.push(located.x);
  }
  const at = async (cpus: readonly number[]): Promise<Stretch | Refused> => {
    const found: Curves[] = [];
    for (const [i, { predictor }] of asked.entries()) {
      const one = await curvesAlong(predictor, x[i]!, cpus, confidence);
      if ("ok" in one) return one;
      found.push(one);
    }
    return { cpus, curves: found };
  };
  const measured = asked.map(({ predictor }, i) => cpuRange(predictor.rows.training, x[i]!, predictor.model));
  const least = Math.max(...measured.map((range) => range.least));
  const most = Math.min(...measured.map((range) => range.most));
  const coarse = await at(spread(least, most, COARSE));
  return "ok" in coarse ? coarse : { ...coarse, asked, x: x[0]!, at };
}

/** What a predictor expects of a row at some levels of a factor, CPU unless given. Refuses what `curves` refuses. */
export function curvesAlong(
  predictor: Predictor,
  x: readonly number[],
  levels: readonly number[],
  confidence: number,
  factor: LevelKey = "cpu",
) {
  const column = predictor.rows.training.factors.indexOf(factor);
  const rows = levels.map((level) => x.with(column, level));
  return curves(predictor, rows, confidence);
}

/** The least CPU limit at which a test is passed; sought among the steps of the course, then within one. */
export async function crossing(course: Course, first: First, test: Test): Promise<number | undefined> {
  const step = first(course, test);
  if (step <= 0) return course.cpus[step];
  const fine = await course.at(spread(course.cpus[step - 1]!, course.cpus[step]!, FINE));
  if ("ok" in fine) return course.cpus[step];
  return fine.cpus.at(first(fine, test));
}

/** Finds the place that counts as the first to pass; -1: none. */
type First = (stretch: Stretch, test: Test) => number;

/** From there on all pass: a dip further up counts against it. */
export const forGood: First = (stretch, test) => {
  const last = stretch.cpus.findLastIndex((_, place) => !test(stretch, place));
  return last === stretch.cpus.length - 1 ? -1 : last + 1;
};

/** It passes there, whatever comes after. */
export const atAll: First = (stretch, test) => stretch.cpus.findIndex((_, place) => test(stretch, place));

/** All wishes are met by the estimates. */
export function byEstimate(asked: readonly Asked[]): Test {
  return ({ curves }, place) => asked.every(({ wish }, i) => meets(wish, curves[i]!.estimate[place]!));
}

/** All wishes are met even at the bad end, or at least at the good end, of each interval. */
export function byInterval(asked: readonly Asked[], end: "bad" | "good"): Test {
  return ({ curves }, place) =>
    asked.every(({ wish }, i) => {
      const low = (wish.side === "at least") === (end === "bad");
      return meets(wish, curves[i]![low ? "low" : "high"][place]!);
    });
}

/**
 * All wishes are met together by one further run, with the confidence of the curves. If it errs like one of the trials, in
 * all figures as that trial did, fewer of them miss a wish than the rank of the one-sided bound; for one wish this is that
 * the bound meets it. Of figures whose models do not err alike each miss counts.
 */
export function byConfidence(asked: readonly Asked[], confidence: number): Test {
  const estimate = byEstimate(asked);
  return (stretch, place) => {
    const outcomes = stretch.curves.map((curve) => curve.outcomes[place]!);
    const together = new Set(outcomes.map(({ length }) => length)).size === 1;
    const groups = together ? [[...asked.keys()]] : asked.map((_, i) => [i]);
    const missing = groups.reduce((sum, group) => {
      const runs = outcomes[group[0]!]!.length;
      const missed = outcomes[group[0]!]!.filter(
        (_, run) => !group.every((i) => meets(asked[i]!.wish, outcomes[i]![run]!)),
      ).length;
      // Below the rank of the bound, as a share of it.
      return sum + (missed + 1) / (runs + 1);
    }, 0);
    return missing <= 1 - confidence + 1e-9 && estimate(stretch, place);
  };
}

/** Rising values in equal ratios, with both ends exact. */
export function spread(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => (i === steps ? to : from * (to / from) ** (i / steps)));
}
