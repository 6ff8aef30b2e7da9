import type { Goals } from "../answer/goals.ts";
import { formatCount, formatPercent } from "../domain/format.ts";

/** What is wanted: `5,000 requests in 10 s, p99 at most 20 ms, at most 1 % failed`. */
export function goalsInWords(goals: Goals): string {
  const { completedRequests, withinSeconds, requestsPerSecond, p99Ms, failedShare } = goals;
  return [
    completedRequests !== undefined && `${formatCount(completedRequests)} requests in ${withinSeconds} s`,
    requestsPerSecond !== undefined && `${requestsPerSecond.toLocaleString("en")} requests/s`,
    p99Ms !== undefined && `p99 at most ${p99Ms} ms`,
    failedShare !== undefined && `at most ${formatPercent(failedShare)} failed`,
  ]
    .filter((part) => part !== false)
    .join(", ");
}
