import type { TrialRecord } from "../../src/core/domain/record.ts";
import {
  geometricMean,
  type Interval,
  logInterval,
  normalQuantile,
  pooledSpread,
  usualConfidence,
} from "../../src/core/statistics/index.ts";
import { bandsOf } from "../../src/core/statistics/trials/bands.ts";
import { atReferenceSpeed, referenceSpeedOf } from "../../src/core/statistics/trials/referenceSpeed.ts";
import { configurationKey } from "../../src/core/statistics/trials/repeated.ts";
import { roundsOf } from "./recording.ts";

export const kinds = ["corrected, own", "corrected, smooth", "raw, own", "raw, smooth"] as const;
export type Kind = (typeof kinds)[number];

/** One interval of a short sweep, beside the mean of all visits that are not in it. */
export interface Case {
  readonly kind: Kind;
  /** The interval holds that mean. */
  readonly held: boolean;
  /** It does once that mean's own 95 % interval is allowed for. */
  readonly heldAllowing: boolean;
  /** How often a right interval would hold a mean that is itself so uncertain. */
  readonly expected: number;
  /** Half of the interval, as a share of its estimate. */
  readonly halfWidth: number;
}

/**
 * Cuts a long sweep into short ones of so many rounds that follow one another, without overlap, and compares their bands
 * with the geometric means of the other rounds. These are put at the speed that the short sweep took for its reference,
 * since that is what its corrected figures are of; by the slope of the whole sweep.
 */
export function coverageCases(visits: readonly TrialRecord[], length: number): Case[] {
  const rounds = roundsOf(visits);
  const cuts = Array.from({ length: Math.floor(rounds.length / length) }, (_, cut) => cut * length);
  return cuts.flatMap((from) => {
    const inside = rounds.slice(from, from + length).flat();
    const outside = [...rounds.slice(0, from), ...rounds.slice(from + length)].flat();
    return [
      ...casesOf("raw", inside, outside),
      ...casesOf("corrected", atReferenceSpeed(inside), othersAtSpeedOf(inside, outside, visits)),
    ];
  });
}

/** The other visits at the reference speed of some. */
export function othersAtSpeedOf(
  some: readonly TrialRecord[],
  others: readonly TrialRecord[],
  all: readonly TrialRecord[],
): readonly TrialRecord[] {
  const [here, everywhere] = [referenceSpeedOf(some), referenceSpeedOf(all)];
  return here && everywhere ? atReferenceSpeed(others, { ...everywhere, probeMicros: here.probeMicros }) : others;
}

function casesOf(what: "raw" | "corrected", inside: readonly TrialRecord[], outside: readonly TrialRecord[]): Case[] {
  const truths = truthsOf(outside);
  return bandsOf(inside).flatMap(({ point, own, smooth }) => {
    const truth = truths.get(point.cpu);
    if (!truth) return [];
    return [caseOf(`${what}, own`, own, truth), caseOf(`${what}, smooth`, smooth, truth)];
  });
}

/** Geometric mean of the rates at each CPU limit, with its interval. */
function truthsOf(visits: readonly TrialRecord[]): Map<number, Interval> {
  const groups = [...Map.groupBy(visits, configurationKey).values()];
  return new Map(
    groups.flatMap((own) => {
      const rates = own.map(({ result }) => result!.requestsPerSecond);
      const spread = pooledSpread([rates]);
      return spread ? [[own[0]!.point.cpu, logInterval(geometricMean(rates), rates.length, spread)]] : [];
    }),
  );
}

const z = normalQuantile((1 + usualConfidence) / 2);

function caseOf(kind: Kind, interval: Interval, truth: Interval): Case {
  const off = Math.abs(Math.log(truth.estimate / interval.estimate));
  const [half, error] = [interval, truth].map(({ low, high }) => Math.log(high / low) / 2) as [number, number];
  return {
    kind,
    held: interval.low <= truth.estimate && truth.estimate <= interval.high,
    heldAllowing: off <= Math.hypot(half, error),
    expected: withinNormal((z * half) / Math.hypot(half, error)),
    halfWidth: Math.expm1(half),
  };
}

/** Probability that a normal deviate is no further from 0, by bisection of its quantile. */
function withinNormal(deviations: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalQuantile((1 + middle) / 2) < deviations) low = middle;
    else high = middle;
  }
  return low;
}

/** By how much the correction moves the mean of a long run at each CPU limit: corrected / raw. */
export function biases(visits: readonly TrialRecord[]): number[] {
  const [raw, corrected] = [truthsOf(visits), truthsOf(atReferenceSpeed(visits))];
  return [...raw].map(([cpu, { estimate }]) => corrected.get(cpu)!.estimate / estimate);
}
