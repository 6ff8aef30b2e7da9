import { formatCpuLevel, formatPercent, formatRate } from "../domain/format.ts";
import { isVisit } from "../domain/point.ts";
import type { TrialRecord } from "../domain/record.ts";
import { logInterval } from "../statistics/index.ts";
import { spreadOf } from "../statistics/trials/repeated.ts";
import { markOf } from "../statistics/trials/summary.ts";
import { failureRemarks } from "./failures.ts";

/** Little's law is broken by more than this only where something was counted wrongly or requests waited elsewhere. */
const littleTolerance = 0.05;

const rate = ({ result }: TrialRecord) => result?.requestsPerSecond;

/** What a reader of trials has to know before believing their figures, in sentences. */
export function trustRemarks(records: readonly TrialRecord[]): string[] {
  // How much visits differ is in the bands of their rounds.
  const windows = records.filter(({ scenario }) => !isVisit(scenario));
  const whole = [spreadRemark(windows), driftRemark(records)].filter((remark) => remark !== undefined);
  return [...whole, ...countRemarks(records), ...failureRemarks(records)];
}

function spreadRemark(records: readonly TrialRecord[]): string | undefined {
  const spread = spreadOf(records, rate);
  if (!spread) return undefined;
  const { low, high } = logInterval(1, 1, spread);
  const from = `${spread.degreesOfFreedom} repetitions`;
  return `95 % interval of requests/s from one run: -${formatPercent(1 - low)} to +${formatPercent(high - 1)} (from ${from})`;
}

function driftRemark(records: readonly TrialRecord[]): string | undefined {
  const drift = markOf(records);
  if (!drift) return undefined;
  const figures = drift.requestsPerSecond.map((figure) => formatRate(figure)).join(", ");
  return `the machine drifted: ${drift.point.proxy} at ${formatCpuLevel(drift.point.cpu)} cpu made ${figures} requests/s in turn, ${formatPercent(drift.range)} apart; compare only what was measured together`;
}

function countRemarks(records: readonly TrialRecord[]): string[] {
  const completed = records.filter(({ status }) => status === "completed");
  const unsteady = completed.filter(({ quality }) => quality?.steady === "no").length;
  const odd = completed.filter(({ quality }) => Math.abs((quality?.littleRatio ?? 1) - 1) > littleTolerance).length;
  return [
    ...(unsteady > 0 ? [`${unsteady} of ${completed.length} trials had no steady rate`] : []),
    ...(odd > 0 ? [`in ${odd} of ${completed.length} trials rate x latency is not the number of connections`] : []),
  ];
}
