import type { Reading } from "../../domain/figures.ts";
import {
  type Difference,
  machineDifferences,
  optionDifferences,
  protocolDifferences,
  versionDifferences,
} from "../../domain/machines.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { type Interval, studentQuantile, usualConfidence } from "../index.ts";
import { type LogMean, logMean } from "../logMean.ts";

import { areApart, together, varianceApart } from "./apart.ts";
import { correctionVariance } from "./correctionVariance.ts";
import { type PairedSides, type Pairing, pairsOf } from "./pairs.ts";

/** second / first, over all settings that both sides were measured at. */
export interface Comparison {
  readonly pairings: readonly Pairing[];
  /** Number of log-ratios that the interval rests on. */
  readonly pairs: number;
  /** Absent where there are fewer than two pairs, or where it is not known how much sweeps differ. */
  readonly ratio?: Interval;
  /** `unstable`: neither a difference that matters nor none at all can be excluded. */
  readonly verdict: "higher" | "lower" | "no difference" | "unstable" | "too few";
  /** The difference that matters, as a share. */
  readonly matters: number;
  /** Where `unstable`, the runs of every setting that would likely tell; absent where more of them are no help. */
  readonly needs?: { readonly runs: number; readonly seconds?: number };
  /** The ratio is not the same at all settings, by more than noise explains. */
  readonly varies?: true;
  /** True where the sides were measured at different times, so that a change of the machine counts as a difference. */
  readonly apart: boolean;
  readonly machines: { readonly differ: readonly Difference[] };
  /** Of programs, by name. */
  readonly versions: { readonly differ: readonly Difference[] };
  /** Of plugins, by name. */
  readonly options: { readonly differ: readonly Difference[] };
  /** Of what clients speak with the proxy. */
  readonly protocols: { readonly differ: readonly Difference[] };
}

export interface ComparisonWish {
  readonly confidence?: number;
  /** The difference that matters, as a share. */
  readonly matters?: number;
}

const usuallyMatters = 0.05;
/** An interval of this half-width, as a share of the difference that matters, finds that difference in 80 % of cases. */
const tellingWidth = 0.7;

/**
 * Compares two sides by the ratio of a figure. Runs with the same settings and replicate are pairs, which a sweep
 * measures one right after the other; the interval is Student's over the logarithms of their ratios (`logMean`). Where
 * the sides were measured at different times, what a whole side can be off by is added to the variance (`varianceApart`).
 * A difference is shown where the interval does not hold 1. Where it holds 1 and a difference that matters, nothing is.
 * Source: T. Kalibera and R. Jones, Quantifying performance changes with effect size confidence intervals, 2012.
 */
export function compare(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
  figure: Reading,
  settingOf: (record: TrialRecord) => string,
  { confidence = usualConfidence, matters = usuallyMatters }: ComparisonWish = {},
): Comparison {
  const sides = together([first, second]);
  const pairs = pairsOf(sides, figure, settingOf);
  const apart = areApart(sides);
  const noise = logMean(pairs.samples);
  const between = apart ? varianceApart(sides, figure, settingOf) : 0;
  const known =
    noise && between !== undefined ? { noise, fixed: between + correctionVariance(sides), confidence } : undefined;
  const ratio = known && intervalOf(known);
  const verdict = verdictOf(ratio, matters);
  const needs = known && verdict === "unstable" && !apart ? needsOf(known, matters, pairs) : undefined;
  return {
    pairings: pairs.pairings,
    pairs: pairs.samples.length,
    ...(ratio && { ratio }),
    verdict,
    matters,
    ...(needs && { needs }),
    ...(noise?.differs && { varies: true }),
    apart,
    machines: { differ: machineDifferences(...sides) },
    versions: { differ: versionDifferences(...sides) },
    options: { differ: optionDifferences(...sides) },
    protocols: { differ: protocolDifferences(...sides) },
  };
}

/** What is known of a log-ratio: its noise, and the variance that more pairs do not take away. */
interface Known {
  readonly noise: LogMean;
  readonly fixed: number;
  readonly confidence: number;
}

function intervalOf({ noise, fixed, confidence }: Known): Interval {
  const half = studentQuantile(confidence, noise.degreesOfFreedom) * Math.sqrt(noise.variance + fixed);
  const { mean } = noise;
  return { estimate: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half), confidence };
}

function verdictOf(ratio: Interval | undefined, matters: number): Comparison["verdict"] {
  if (!ratio) return "too few";
  if (ratio.low > 1) return "higher";
  if (ratio.high < 1) return "lower";
  return Math.max(ratio.high, 1 / ratio.low) > 1 + matters ? "unstable" : "no difference";
}

function needsOf({ noise, fixed, confidence }: Known, matters: number, pairs: PairedSides): Comparison["needs"] {
  const error = (tellingWidth * Math.log1p(matters)) / studentQuantile(confidence, noise.degreesOfFreedom);
  if (error ** 2 <= fixed) return undefined;
  const runs = Math.ceil(pairs.runs * Math.max(1, noise.variance / (error ** 2 - fixed)));
  return { runs, ...(pairs.seconds > 0 && { seconds: (pairs.seconds * runs) / pairs.runs }) };
}
