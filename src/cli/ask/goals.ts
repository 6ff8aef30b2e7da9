import type { Command } from "commander";
import type { Goals } from "../../core/answer/index.ts";
import { parseCount, parsePositive, parseSeconds, parseShare } from "../../core/domain/levels.ts";
import { LabError } from "../../core/errors.ts";

/** Options that say what is wanted. */
export interface GoalFlags {
  readonly completed?: string;
  readonly within: string;
  readonly rps?: string;
  readonly p99?: string;
  readonly failedShare?: string;
}

export function addGoalOptions(command: Command): Command {
  return command
    .option("--completed <number>", "completed requests wanted")
    .option("--within <time>", "time they may take", "10s")
    .option("--rps <number>", "requests/s wanted, instead of --completed")
    .option("--p99 <time>", "most that the 99th percentile of the latency may be: 20ms")
    .option("--failed-share <share>", "most of the requests that may fail: 1%");
}

/** All goals together. Throws LAB_USAGE where there is none, and where a rate is wanted twice. */
export function goalsOf({ completed, within, rps, p99, failedShare }: GoalFlags): Goals {
  const goals: Goals = {
    ...(rps === undefined ? {} : { requestsPerSecond: parsePositive(rps, "--rps") }),
    ...(completed === undefined
      ? {}
      : { completedRequests: parseCount(completed, "--completed"), withinSeconds: parseSeconds(within, "--within") }),
    ...(p99 === undefined ? {} : { p99Ms: milliseconds(p99) }),
    ...(failedShare === undefined
      ? {}
      : { failedShare: failedShare === "0" ? 0 : parseShare(failedShare, "--failed-share") }),
  };
  const help = "such as --completed 5000 --within 10s --p99 50ms";
  if (rps !== undefined && completed !== undefined)
    throw new LabError("LAB_USAGE", "say what rate is wanted: either --completed or --rps", { help });
  if (Object.keys(goals).length > 0) return goals;
  throw new LabError("LAB_USAGE", "say what is wanted: --completed, --rps, --p99, --failed-share, or several", {
    help,
  });
}

/** A latency without a unit is one in milliseconds. */
function milliseconds(text: string): number {
  return Number((1000 * parseSeconds(/^[\d.]+$/.test(text) ? `${text}ms` : text, "--p99")).toPrecision(12));
}
