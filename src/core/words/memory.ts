import { formatBytes, formatPercent } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { isSlowForMemory } from "../plan/floor.ts";

/** From which memory limit on a proxy holds its load, and how it fails below. */
export interface Threshold {
  readonly proxy: string;
  /** The least limit from which on it holds the load; absent if it does at none. */
  readonly holdsBytes?: number;
  /** The next smaller limit that was measured. */
  readonly failsBytes?: number;
  /** What happened there. */
  readonly failure?: string;
}

export function thresholdInWords({ proxy, holdsBytes, failsBytes, failure }: Threshold): string {
  if (holdsBytes === undefined)
    return `${proxy} does not hold the load at any memory limit that was measured: ${failure}`;
  const least = `${proxy} holds the load from ${formatBytes(holdsBytes)} on`;
  if (failsBytes === undefined) return `${least}, the least that was measured`;
  return `${least}; at ${formatBytes(failsBytes)} ${failure}`;
}

/** What a trial under a memory limit came to, from what it says of itself; `held` if nothing went wrong. */
export function howItFailed(record: TrialRecord, reference: TrialRecord | undefined): string {
  const { error, result, usage } = record;
  if (error?.code === "LAB_NOT_READY") return "did not answer in time: it was busy getting its memory back";
  if (error) return error.message;
  if ((usage?.oomKills ?? 0) > 0) return "was killed for memory under load";
  const failed = result ? result.failedRequests / (result.completedRequests + result.failedRequests) : 0;
  if (failed > 0.01) return `failed ${formatPercent(failed)} of the requests`;
  if (!reference || !isSlowForMemory(record, reference)) return "held";
  const share = (result?.requestsPerSecond ?? 0) / (reference.result?.requestsPerSecond ?? Number.NaN);
  return `made ${formatPercent(share)} of its rate without a limit`;
}
