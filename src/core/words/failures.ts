import type { FailureCounts } from "../contract/index.ts";
import { formatCount, formatCpuLevel, formatPercent } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { type Failures, failuresOf } from "../statistics/trials/failures.ts";

const KINDS: Readonly<Record<keyof FailureCounts, string>> = {
  connect: "not connected",
  reset: "reset",
  timeout: "timed out",
  http4xx: "status 4xx",
  http5xx: "status 5xx",
  status: "bad status",
  lost: "never answered",
  other: "of other kinds",
};

/**
 * A sentence for each proxy that failed requests: as a share, since their number rises with the number sent, with its
 * course over the CPU limits.
 */
export function failureRemarks(records: readonly TrialRecord[]): string[] {
  const proxies = [...Map.groupBy(records, ({ point }) => point.proxy)].sort(([a], [b]) => (a < b ? -1 : 1));
  return proxies.flatMap(([proxy, trials]) => {
    const failures = failuresOf(trials);
    if (!failures || failures.failedRequests === 0) return [];
    return `${proxy} failed ${shareInWords(failures)} (${failuresInWords(failures.byKind)})${courseOf(trials)}`;
  });
}

function shareInWords({ share }: Failures): string {
  return `${formatPercent(share.estimate)} of its requests, 95 % interval ${formatPercent(share.low)} to ${formatPercent(share.high)}`;
}

/** What became of the requests that failed: `1,050 timed out, 3 reset`. */
export function failuresInWords(byKind: FailureCounts): string {
  const kinds = Object.entries(byKind).filter(([, count]) => count > 0);
  return kinds.map(([kind, count]) => `${formatCount(count)} ${KINDS[kind as keyof FailureCounts]}`).join(", ");
}

/** The share at the lowest and at the highest CPU limit, where there are two. */
function courseOf(trials: readonly TrialRecord[]): string {
  const levels = [...Map.groupBy(trials, ({ point }) => point.cpu)].sort(([a], [b]) => a - b);
  const shares = levels.flatMap(([cpu, some]) => {
    const failures = failuresOf(some);
    return failures ? `${formatPercent(failures.share.estimate)} at ${formatCpuLevel(cpu)} cpu` : [];
  });
  return shares.length < 2 ? "" : `: ${shares[0]}, ${shares.at(-1)}`;
}
