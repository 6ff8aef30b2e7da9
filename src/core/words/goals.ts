import { type Goals, LIMITED_FIGURES } from "../answer/goals.ts";
import { isShare } from "../domain/figures.ts";
import { formatCount, formatPercent } from "../domain/format.ts";

/** What is wanted: `5,000 requests in 10 s, p99 at most 20 ms, at most 1 % failed`. */
export function goalsInWords(goals: Goals): string {
  const { completedRequests, withinSeconds, requestsPerSecond } = goals;
  return [
    completedRequests !== undefined && `${formatCount(completedRequests)} requests in ${withinSeconds} s`,
    requestsPerSecond !== undefined && `${requestsPerSecond.toLocaleString("en")} requests/s`,
    ...LIMITED_FIGURES.map(({ key, target, said }) => {
      const most = goals[key];
      if (most === undefined) return false;
      return isShare(target) ? `at most ${formatPercent(most)} ${said}` : `${said} at most ${most} ms`;
    }),
  ]
    .filter((part) => part !== false)
    .join(", ");
}
