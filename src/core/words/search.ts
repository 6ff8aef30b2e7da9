import type { CapacityAnswer, RateQuantity, SearchCost, SizeAnswer, Unmet, Unshown } from "../answer/search.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMilliseconds,
  formatPercent,
  formatRate,
} from "../domain/format.ts";
import type { Point } from "../domain/point.ts";
import { missedRate, type TrialRecord } from "../domain/record.ts";
import type { ServiceGoal } from "../domain/spec.ts";
import { canBeShown, outcomeOf } from "../plan/search.ts";
import { cpuInWords, memoryInWords } from "./answers.ts";
import { formatLimit } from "./deploy.ts";
import { goalsInWords } from "./goals.ts";

/** What was found in lines: the limit to set, how it was found, and memory; or why there is none. */
export function sizeInWords({ proxy, goals, answer, unmet, measuring }: SizeAnswer): string[] {
  const wanted = `${proxy}, ${goalsInWords(goals)}`;
  if (!answer) return [`${wanted}: ${unmet ? unmetInWords(unmet, "at the highest limit") : cutShort}`];
  const { recommendedCpu, cpu, useCpu, memory } = answer;
  const use = useCpu === undefined ? "" : `; it uses ${formatCores(useCpu)} cpu where nothing stops it`;
  return [
    `${wanted}: ${formatLimit(recommendedCpu)} cpu to be ${formatPercent(cpu.confidence)} sure`,
    `  just enough: ${cpuInWords(cpu, " cpu")}${use}`,
    howItWasFound(measuring, answer),
    ...(memory
      ? [
          `  memory: ${formatBytes(memory.bytes)}, ${memoryInWords(memory)}${memory.from === "peak" ? "; untested" : ""}`,
        ]
      : []),
  ];
}

/** The same of the highest rate under a CPU limit. */
export function capacityInWords({ proxy, goals, records, answer, unmet, measuring }: CapacityAnswer): string[] {
  const cpu = answer?.point.cpu ?? records[0]?.point.cpu;
  const wanted = `${proxy}${cpu === undefined ? "" : ` at ${formatLimit(cpu)} cpu`}, ${goalsInWords(goals)}`;
  if (!answer) return [`${wanted}: ${unmet ? unmetInWords(unmet, "at the lowest rate") : cutShort}`];
  const { recommendedRequestsPerSecond, requestsPerSecond, mostRequestsPerSecond: most, atLeast } = answer;
  const beyond = most === undefined ? "" : `; offered more than it can serve, it serves ${formatCount(most)}`;
  const sure = formatPercent(requestsPerSecond.confidence);
  return [
    `${wanted}: ${formatCount(recommendedRequestsPerSecond)} requests/s to be ${sure} sure`,
    `  ${atLeast ? `at least ${formatCount(requestsPerSecond.estimate)} requests/s: ${unshownInWords(atLeast)}` : `just within: ${rateInWords(requestsPerSecond)}`}${beyond}`,
    howItWasFound(measuring, answer),
  ];
}

const cutShort = "the search was cut short";

function howItWasFound(
  { trials, seconds }: SearchCost,
  { point, directP99Ms }: { readonly point: Point; readonly directP99Ms?: number },
): string {
  const { concurrency, loadTool } = point;
  const direct =
    directP99Ms === undefined ? "" : `; straight at the origins the p99 is ${formatMilliseconds(directP99Ms)}`;
  return `  found by ${trials} trials in ${Math.round(seconds)} s, with ${concurrency} connections of ${loadTool}${direct}`;
}

/** The rate at which the goals are just kept: `2,480 requests/s (2,390 to 2,570)`. */
function rateInWords({ estimate, low, high }: RateQuantity): string {
  const rate = `${formatCount(estimate)} requests/s`;
  if (low !== undefined && high !== undefined) return `${rate} (${formatCount(low)} to ${formatCount(high)})`;
  return high === undefined ? rate : `${rate} (at most ${formatCount(high)})`;
}

/** Why more than a rate cannot be shown. */
function unshownInWords(unshown: Unshown): string {
  if (unshown.cause === "range") return "no higher rate was to be tried";
  if (unshown.cause === "baseline")
    return `at higher rates load tool and origins alone have a p99 of ${formatMilliseconds(unshown.directP99Ms)}`;
  return `higher rates say nothing of the proxy: ${obstacleInWords(unshown)}`;
}

/** Why no level was found. `where`: at the easiest. */
function unmetInWords(unmet: Unmet, where: string): string {
  const { cause, directP99Ms, evidence } = unmet;
  if (cause === "baseline")
    return `cannot be shown: load tool and origins alone have a p99 of ${formatMilliseconds(directP99Ms)}`;
  if (cause === "blocked") return `not known: ${obstacleInWords(unmet)}`;
  const missed = { latency: "its p99 is longer", rate: "it serves less", failures: "more requests fail" }[cause];
  return `out of reach: ${missed} even ${where}${evidence === undefined ? "" : ` (${evidence})`}`;
}

function obstacleInWords({ bound, evidence }: Pick<Unmet, "bound" | "evidence">): string {
  return `${bound ?? "trials failed"}${evidence === undefined ? "" : ` (${evidence})`}`;
}

/** What a trial of a search came to. */
export function howItWent(record: TrialRecord, goal: ServiceGoal): string {
  const outcome = outcomeOf(record, goal);
  if (outcome === "held") return "held";
  const { result, error, verdict } = record;
  if (outcome === "blocked" && !canBeShown(record, goal))
    return `says nothing: p99 ${formatMilliseconds(record.directLatencyMs?.p99)} straight at the origins`;
  if (outcome === "blocked") return `says nothing: ${error?.message ?? verdict?.bound ?? record.status}`;
  if (error) return error.message;
  const { offeredRequestsPerSecond = 0, requestsPerSecond = 0, latencyMs } = result ?? {};
  if (missedRate(record))
    return `served ${formatRate(requestsPerSecond)} of ${formatRate(offeredRequestsPerSecond)} requests/s`;
  if ((latencyMs?.p99 ?? 0) > goal.p99Ms) return `p99 over ${formatMilliseconds(goal.p99Ms)}`;
  return "too many requests failed";
}
