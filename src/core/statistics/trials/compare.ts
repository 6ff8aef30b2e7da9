import type { Reading } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { geometricMean, type Interval, mean, studentQuantile, usualConfidence } from "../index.ts";
import { spreadOf } from "./repeated.ts";

/** The two sides at one setting: the same levels of everything that is not compared. */
export interface Pairing {
  /** A trial of the first side, for its levels. */
  readonly trial: TrialRecord;
  /** Geometric mean of the runs of each side. */
  readonly first: number;
  readonly second: number;
  /** second / first. */
  readonly ratio: number;
}

/** second / first, over all settings that both sides were measured at. */
export interface Comparison {
  readonly pairings: readonly Pairing[];
  /** Number of log-ratios that the interval rests on. */
  readonly pairs: number;
  /** Absent where there are fewer than two pairs, or where it is not known how much sweeps differ. */
  readonly ratio?: Interval;
  readonly verdict: "higher" | "lower" | "no difference" | "too few";
  /** True where the sides were measured at different times, so that a change of the machine counts as a difference. */
  readonly apart: boolean;
}

/**
 * Compares two sides by the ratio of a figure. Runs with the same settings and replicate are pairs, which a sweep
 * measures one right after the other; the interval is Student's over the logarithms of their ratios. Sides from
 * different sweeps are not pairs in time: what runs of one configuration differ by within each sweep is then added to
 * the variance once for each side, as if a whole sweep could be off by as much as a single run; where too few runs were
 * repeated to know that, there is no ratio. The same goes for sides of one sweep that it does not measure in turns, such
 * as two memory limits: `between` is what to add then.
 * Source: T. Kalibera and R. Jones, Quantifying performance changes with effect size confidence intervals, 2012.
 */
export function compare(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
  figure: Reading,
  settingOf: (record: TrialRecord) => string,
  confidence = usualConfidence,
  between?: number,
): Comparison {
  const [ones, others] = [bySetting(first, figure, settingOf), bySetting(second, figure, settingOf)];
  const pairings: Pairing[] = [];
  const logRatios: number[] = [];
  for (const [setting, runs] of ones) {
    const matching = others.get(setting);
    if (!matching) continue;
    const values = [runs, matching].map((side) => geometricMean(side.map(({ value }) => value))) as [number, number];
    pairings.push({ trial: runs[0]!.trial, first: values[0], second: values[1], ratio: values[1] / values[0] });
    logRatios.push(...pairsOf(runs, matching));
  }
  const apart = sweepsOf(first) !== sweepsOf(second);
  const added = between ?? (apart ? varianceBetween(first, second, figure) : 0);
  const known = added !== undefined && logRatios.length >= 2;
  const ratio = known ? ratioInterval(logRatios, added, confidence) : undefined;
  return { pairings, pairs: logRatios.length, ...(ratio ? { ratio } : {}), verdict: verdictOf(ratio), apart };
}

interface Run {
  readonly trial: TrialRecord;
  readonly value: number;
}

function bySetting(
  records: readonly TrialRecord[],
  figure: Reading,
  settingOf: (record: TrialRecord) => string,
): Map<string, Run[]> {
  const runs = records.flatMap((trial) => {
    const value = trial.status === "completed" ? figure(trial) : undefined;
    return value !== undefined && value > 0 ? [{ trial, value }] : [];
  });
  return Map.groupBy(runs, ({ trial }) => settingOf(trial));
}

/** Log-ratios of the runs of one setting: by replicate where both sides have it, else that of the means. */
function pairsOf(first: readonly Run[], second: readonly Run[]): number[] {
  const paired = first.flatMap(({ trial, value }) => {
    const partner = second.find((run) => run.trial.replicate === trial.replicate);
    return partner ? [Math.log(partner.value / value)] : [];
  });
  if (paired.length > 0) return paired;
  const means = [second, first].map((side) => mean(side.map(({ value }) => Math.log(value)))) as [number, number];
  return [means[0] - means[1]];
}

function ratioInterval(logRatios: readonly number[], between: number, confidence: number): Interval {
  const centre = mean(logRatios);
  const squares = logRatios.reduce((sum, log) => sum + (log - centre) ** 2, 0);
  const error = Math.sqrt(squares / (logRatios.length - 1) / logRatios.length + between);
  const half = studentQuantile(confidence, logRatios.length - 1) * error;
  return { estimate: Math.exp(centre), low: Math.exp(centre - half), high: Math.exp(centre + half), confidence };
}

/** `undefined` where too few runs of a side were repeated. */
function varianceBetween(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
  figure: Reading,
): number | undefined {
  const [one, other] = [spreadOf(first, figure), spreadOf(second, figure)];
  return one && other && one.logDeviation ** 2 + other.logDeviation ** 2;
}

function verdictOf(ratio: Interval | undefined): Comparison["verdict"] {
  if (!ratio) return "too few";
  if (ratio.low > 1) return "higher";
  return ratio.high < 1 ? "lower" : "no difference";
}

function sweepsOf(records: readonly TrialRecord[]): string {
  return [...new Set(records.map(({ sweepId }) => sweepId))].sort().join();
}
