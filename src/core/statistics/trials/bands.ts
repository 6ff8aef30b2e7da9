import { settingWithout } from "../../domain/factors.ts";
import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import type { Band } from "../../domain/summary.ts";
import { type CurveLevel, smoothCurve } from "../curve.ts";
import { type Interval, mean, studentQuantile, usualConfidence } from "../index.ts";
import { type RoundSample, roundShare } from "../roundShare.ts";
import { type CountedRun, type Scatter, scatterOf } from "../scatter.ts";
import { heldByCpu, isCounted } from "./achieved.ts";
import { isAtReferenceSpeed } from "./referenceSpeed.ts";
import { configurationKey, inTime } from "./repeated.ts";
import { sharedShifts } from "./slopeVariance.ts";

/** With fewer an interval would be so wide that it says nothing. */
const fewestDegrees = 2;
/** By how much quotas are kept, as a share: recorded windows of three seconds differ so between limits. */
const quotaError = 0.005;
/** A parabola goes through three. */
const fewestLevels = 4;

/** The band of each configuration whose scatter is known, from trials as they are: at one reference speed or raw. */
export function bandsOf(records: readonly TrialRecord[]): Band[] {
  return [...bandsByConfiguration(records).values()];
}

/**
 * Bands by `configurationKey`, in order of time.
 * - `own`: Student's interval of the geometric mean of the configuration's runs. How much runs differ is pooled over the
 *   configurations of a proxy, those that its CPU holds down apart from others; see `scatterOf`.
 * - `smooth`: levels of a curve that the CPU holds down as a parabola of log rate over log limit, but for deviations; see
 *   `smoothCurve`. What all levels of a round have in common does not average out over them; see `roundShare`. Curves of
 *   fewer than four levels, and levels that something else holds down, keep `own`.
 *
 * Both hold the error of the speed correction's slope, and that of quotas.
 */
export function bandsByConfiguration(records: readonly TrialRecord[]): Map<string, Band> {
  const usable = inTime(records).filter((record) => isBelieved(record) && (record.result?.requestsPerSecond ?? 0) > 0);
  const held = heldByCpu(usable, configurationKey);
  const levels = [...Map.groupBy(usable, configurationKey)].map(([key, runs]): Level => {
    return {
      key,
      runs,
      held: held.has(key),
      log: mean(runs.map((run) => runOf(run).log)),
      x: Math.log(runs[0]!.point.cpu),
    };
  });
  const bands = new Map<string, Band>();
  for (const own of Map.groupBy(levels, ({ runs }) => runs[0]!.point.proxy).values()) {
    for (const alike of Map.groupBy(own, ({ held }) => held).values()) {
      const scatter = knownScatter(alike) ?? knownScatter(own);
      if (!scatter) continue;
      const shared = roundShare(alike.flatMap(roundSamples));
      for (const curve of Map.groupBy(alike, curveOf).values()) addBands(bands, curve, { ...scatter, shared });
    }
  }
  return new Map(levels.flatMap(({ key }) => (bands.has(key) ? [[key, bands.get(key)!]] : [])));
}

/** A configuration with its runs. */
interface Level {
  readonly key: string;
  readonly runs: readonly TrialRecord[];
  readonly held: boolean;
  /** Mean of the logarithms of its rates. */
  readonly log: number;
  /** Logarithm of its CPU limit. */
  readonly x: number;
}

/** How much runs scatter, and which share of that all levels of a round have in common. */
type RoundScatter = Scatter & { readonly shared: number };

function knownScatter(levels: readonly Level[]): Scatter | undefined {
  const scatter = scatterOf(levels.map(({ runs }) => runs.map(runOf)));
  return scatter && scatter.degreesOfFreedom >= fewestDegrees ? scatter : undefined;
}

const setting = settingWithout("cpu");

/** The same for levels of one curve; what something else than the CPU holds down is on none. */
function curveOf({ runs, held, key }: Level): string {
  return held ? setting(runs[0]!) : key;
}

function runOf({ result }: TrialRecord): CountedRun {
  return { log: Math.log(result!.requestsPerSecond), events: result!.completedRequests };
}

/** The rounds of a curve are its own: they were measured on proxies of their own. */
function roundSamples({ key, runs }: Level): RoundSample[] {
  return runs.map((run) => {
    const round = JSON.stringify([run.sweepId, setting(run), run.replicate]);
    return { setting: key, round, value: runOf(run).log };
  });
}

function addBands(bands: Map<string, Band>, curve: readonly Level[], scatter: RoundScatter): void {
  const means = curve.map(({ runs, x, log }): CurveLevel => {
    const variances = runs.map((run) => scatter.variance(runOf(run).events));
    return { x, y: log, variance: mean(variances) / runs.length };
  });
  const owns = curve.map(({ runs, log }, at) => {
    return intervalOf(log, means[at]!.variance + squares(sharedShifts(runs)) + quotaVariance(runs), scatter);
  });
  const smooths = curve.length >= fewestLevels ? smoothed(curve, means, scatter) : owns;
  curve.forEach(({ key, runs, held }, at) => {
    const [own, smooth] = [owns[at]!, narrower(owns[at]!, smooths[at]!)];
    const halfWidth = (smooth.high - smooth.low) / 2 / smooth.estimate;
    bands.set(key, { point: runs[0]!.point, runs: runs.length, own, smooth, halfWidth, held });
  });
}

function smoothed(curve: readonly Level[], means: readonly CurveLevel[], scatter: RoundScatter): Interval[] {
  const { levels, smooth } = smoothCurve(
    means.map((level) => ({ ...level, variance: (1 - scatter.shared) * level.variance })),
  );
  // What all corrections share is not averaged out by smoothing.
  const shared = curve.map(({ runs }) => sharedShifts(runs));
  const shifts = [0, 1].map((which) => smooth(shared.map((level) => level[which]!)));
  return levels.map(({ y, variance }, at) => {
    const common = squares(shifts.map((shift) => shift[at]!)) + quotaVariance(curve[at]!.runs);
    return intervalOf(y, variance + scatter.shared * means[at]!.variance + common, scatter);
  });
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}

/** From the logarithm and the variance of its error. */
function intervalOf(log: number, variance: number, { degreesOfFreedom }: Scatter): Interval {
  const half = studentQuantile(usualConfidence, degreesOfFreedom) * Math.sqrt(variance);
  const [estimate, low, high] = [log, log - half, log + half].map(Math.exp) as [number, number, number];
  return { estimate, low, high, confidence: usualConfidence };
}

/** Variance that the runs of a level share, since the CPU that they get is taken from the limit. */
function quotaVariance(runs: readonly TrialRecord[]): number {
  return runs.some((run) => isAtReferenceSpeed(run) && isCounted(run)) ? quotaError ** 2 : 0;
}

function narrower(one: Interval, other: Interval): Interval {
  return other.high / other.low < one.high / one.low ? other : one;
}
