import type { TrialRecord } from "../../src/core/domain/record.ts";
import { geometricMean, mean, median, pearson, pooledSpread } from "../../src/core/statistics/index.ts";
import { atReferenceSpeed, referenceSpeedOf } from "../../src/core/statistics/trials/referenceSpeed.ts";
import { configurationKey } from "../../src/core/statistics/trials/repeated.ts";

/** How much visits of one configuration differ, without and with the probe's correction. */
export interface SpreadFigures {
  readonly visits: number;
  /** Standard deviations of the logarithm of the rate, pooled over configurations. */
  readonly raw: number;
  readonly corrected: number;
  /** The same of means of visits that add up to some seconds of measuring; NaN where too few were visited so long. */
  readonly rawMeans: number;
  readonly correctedMeans: number;
  /** Of the CPU time of a request with the probe's, as logarithms, within configurations. NaN without a probe. */
  readonly correlation: number;
  readonly slope: number;
  /** Whether the lab itself corrects these. */
  readonly used: boolean;
  /** Medians, in cores: CPU of the probe, and of what is no part of the trial, the lab above all. */
  readonly probeCpu: number;
  readonly otherCpu: number;
}

const rateOf = ({ result }: TrialRecord) => result!.requestsPerSecond;

/** `visits`: of one proxy under one limiter. `seconds`: of measuring that one mean is to have. */
export function spreadFigures(visits: readonly TrialRecord[], seconds: number): SpreadFigures {
  const corrected = atReferenceSpeed(visits);
  const { slope, correlation } = dependence(visits);
  return {
    visits: visits.length,
    raw: deviationOf(visits),
    corrected: deviationOf(corrected),
    rawMeans: deviation(byConfiguration(visits).map((own) => meansOf(own, seconds))),
    correctedMeans: deviation(byConfiguration(corrected).map((own) => meansOf(own, seconds))),
    correlation,
    slope,
    used: referenceSpeedOf(visits)?.proxies.get(visits[0]!.point.proxy)?.used ?? false,
    probeCpu: median(visits.flatMap(({ speed }) => speed?.probeCpu ?? [])),
    otherCpu: median(visits.flatMap(({ usage, speed }) => (usage?.otherCpu ?? NaN) - (speed?.probeCpu ?? 0))),
  };
}

/** Between visits of one configuration. */
export function deviationOf(visits: readonly TrialRecord[]): number {
  return deviation(byConfiguration(visits).map((own) => own.map(rateOf)));
}

function deviation(groups: readonly (readonly number[])[]): number {
  return pooledSpread(groups)?.logDeviation ?? Number.NaN;
}

function byConfiguration(visits: readonly TrialRecord[]): TrialRecord[][] {
  return [...Map.groupBy(visits, configurationKey).values()];
}

/** Geometric means of visits that follow one another, each of as many as it takes to measure so long. */
export function meansOf(visits: readonly TrialRecord[], seconds: number): number[] {
  const means: number[] = [];
  let [together, measured]: [number[], number] = [[], 0];
  for (const visit of visits) {
    together.push(rateOf(visit));
    measured += visit.result!.durationSeconds;
    if (measured < seconds) continue;
    means.push(geometricMean(together));
    [together, measured] = [[], 0];
  }
  return means;
}

/** Pearson's correlation and the least squares slope, within configurations. */
function dependence(visits: readonly TrialRecord[]): { slope: number; correlation: number } {
  const pairs = byConfiguration(visits).flatMap((own) => {
    const probed = own.filter(({ speed, usage }) => speed && usage?.cpuMicrosPerRequest);
    const [x, y] = [
      centred(probed.map(({ speed }) => Math.log(speed!.probeMicros))),
      centred(probed.map(({ usage }) => Math.log(usage!.cpuMicrosPerRequest!))),
    ];
    return x.map((value, at) => [value, y[at]!] as const);
  });
  const [x, y] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  const products = pairs.reduce((sum, [one, other]) => sum + one * other, 0);
  return { slope: products / x.reduce((sum, one) => sum + one ** 2, 0), correlation: pearson(x, y) ?? Number.NaN };
}

function centred(values: readonly number[]): number[] {
  const centre = mean(values);
  return values.map((value) => value - centre);
}
