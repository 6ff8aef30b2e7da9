import type { SizeAnswer, Unmet } from "../answer/size.ts";
import { formatBytes, formatCores, formatMilliseconds, formatPercent, formatRate } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { ServiceGoal } from "../domain/spec.ts";
import { servedShare } from "../domain/verdicts.ts";
import { outcomeOf } from "../plan/size.ts";
import { cpuInWords, memoryInWords } from "./answers.ts";
import { formatLimit } from "./deploy.ts";
import { goalsInWords } from "./goals.ts";

/** What was found in lines: the limit to set, how it was found, and memory; or why there is none. */
export function sizeInWords({ proxy, goals, answer, unmet, measuring }: SizeAnswer): string[] {
  const wanted = `${proxy}, ${goalsInWords(goals)}`;
  if (!answer) return [`${wanted}: ${unmet ? unmetInWords(unmet) : "the search was cut short"}`];
  const { recommendedCpu, cpu, useCpu, directP99Ms, memory, point } = answer;
  const direct =
    directP99Ms === undefined ? "" : `; straight at the origins the p99 is ${formatMilliseconds(directP99Ms)}`;
  const use = useCpu === undefined ? "" : `; it uses ${formatCores(useCpu)} cpu where nothing stops it`;
  return [
    `${wanted}: ${formatLimit(recommendedCpu)} cpu to be ${formatPercent(cpu.confidence)} sure`,
    `  just enough: ${cpuInWords(cpu, " cpu")}${use}`,
    `  found by ${measuring.trials} trials in ${Math.round(measuring.seconds)} s, with ${point.concurrency} connections of ${point.loadTool}${direct}`,
    ...(memory
      ? [
          `  memory: ${formatBytes(memory.bytes)}, ${memoryInWords(memory)}${memory.from === "peak" ? "; untested" : ""}`,
        ]
      : []),
  ];
}

/** Why no limit was found. */
export function unmetInWords({ cause, bound, evidence, directP99Ms }: Unmet): string {
  if (cause === "baseline")
    return `cannot be shown: load tool and origins alone have a p99 of ${formatMilliseconds(directP99Ms)}`;
  const why = evidence === undefined ? "" : ` (${evidence})`;
  if (cause === "blocked") return `not known: ${bound ?? "trials failed"}${why}`;
  const missed = { latency: "its p99 is longer", rate: "it serves less", failures: "more requests fail" }[cause];
  return `out of reach: ${missed} even at the highest limit${why}`;
}

/** What a trial of a search came to. */
export function howItWent(record: TrialRecord, goal: ServiceGoal): string {
  const outcome = outcomeOf(record, goal);
  if (outcome === "held") return "held";
  const { result, error, verdict } = record;
  if (outcome === "blocked") return `says nothing: ${error?.message ?? verdict?.bound ?? record.status}`;
  if (error) return error.message;
  const { offeredRequestsPerSecond = 0, requestsPerSecond = 0, latencyMs } = result ?? {};
  if (requestsPerSecond < servedShare * offeredRequestsPerSecond)
    return `served ${formatRate(requestsPerSecond)} of ${formatRate(offeredRequestsPerSecond)} requests/s`;
  if ((latencyMs?.p99 ?? 0) > goal.p99Ms) return `p99 over ${formatMilliseconds(goal.p99Ms)}`;
  return "too many requests failed";
}
