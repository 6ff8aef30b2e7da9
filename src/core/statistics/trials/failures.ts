import type { FailureCounts } from "../../contract/index.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { type Interval, shareInterval } from "../index.ts";

/** Failed requests of some trials, as a share of all that were sent and by kind. */
export interface Failures {
  readonly failedRequests: number;
  /** Completed and failed ones. */
  readonly sentRequests: number;
  /** Wilson's interval; it takes requests to fail independently of each other, and is too narrow where they fail in bursts. */
  readonly share: Interval;
  readonly byKind: FailureCounts;
}

/** `undefined` where none of the trials has sent a request. */
export function failuresOf(records: readonly TrialRecord[]): Failures | undefined {
  const results = records.flatMap(({ result }) => result ?? []);
  const failedRequests = sum(results.map((result) => result.failedRequests));
  const sentRequests = failedRequests + sum(results.map((result) => result.completedRequests));
  const share = shareInterval(failedRequests, sentRequests);
  if (!share) return undefined;
  const byKind: Record<string, number> = {};
  for (const [kind, count] of results.flatMap(({ failures }) => Object.entries(failures)))
    byKind[kind] = (byKind[kind] ?? 0) + count;
  return { failedRequests, sentRequests, share, byKind };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
