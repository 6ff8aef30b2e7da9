import { isVisit } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import type { ConfigurationSummary, SweepDrift } from "../../domain/summary.ts";
import { bandsByConfiguration } from "./bands.ts";
import { driftOf, driftWorthSaying } from "./drift.ts";
import { failuresOf } from "./failures.ts";
import { configurationKey, figuresByConfiguration } from "./repeated.ts";

const rate = ({ result }: TrialRecord) => result?.requestsPerSecond;

/**
 * Each configuration that was measured, in order of time, with its rate (the smooth band, see `bandsByConfiguration`) and
 * the share of requests that failed, from trials at one reference speed or raw.
 */
export function summaryOf(records: readonly TrialRecord[]): ConfigurationSummary[] {
  const bands = bandsByConfiguration(records);
  const trials = Map.groupBy(records, configurationKey);
  return [...figuresByConfiguration(records, rate)].map(([key, rates]) => {
    const runs = trials.get(key)!;
    const share = failuresOf(runs)?.share;
    const band = bands.get(key);
    return {
      point: runs[0]!.point,
      runs: rates.length,
      ...(band && { requestsPerSecond: band.smooth, own: band.own }),
      ...(share && { failedShare: share }),
    };
  });
}

/**
 * What the sweep must be marked with: a configuration that was not the same machine's each time. At one reference speed it
 * is the drift that correcting leaves. Visits are left out: each is brief, and how much they differ is in their bands.
 */
export function markOf(records: readonly TrialRecord[]): SweepDrift | undefined {
  const windows = records.filter(({ scenario }) => !isVisit(scenario));
  const drift = driftOf(windows, rate);
  if (!drift || drift.range <= driftWorthSaying) return undefined;
  return { point: drift.trial.point, requestsPerSecond: drift.figures, range: drift.range };
}
