import type { Command } from "commander";
import type { SearchAnswer } from "../../core/answer/index.ts";
import type { SweepEnd } from "../../core/domain/events.ts";
import { parseLatency, parseShare } from "../../core/domain/levels.ts";
import { SWEEP_OPTIONS, type SweepFlags } from "../../core/domain/options.ts";
import type { ServiceGoal } from "../../core/domain/spec.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import type { CommonOptions } from "./output.ts";

/** Flags of commands that search for the last level at which a proxy keeps a goal. */
export interface SearchFlags extends SweepFlags, CommonOptions {
  readonly p99?: string;
  readonly failedShare?: string;
  readonly confidence: string;
  readonly verify: boolean;
}

/** Open loops in short windows: whether a level keeps a latency shows soon, and the answer is run again in long ones. */
export const SEARCH_DEFAULTS: SweepFlags = {
  plan: "grid",
  // As many as it takes for one to be free nearly always: what waits for one waits for the load tool.
  concurrency: "64",
  window: "4s",
  maxWindow: "4s",
  warmup: "1s",
};

/** The same of a search for a CPU limit. */
export const SIZE_DEFAULTS: SweepFlags = { ...SEARCH_DEFAULTS, cpu: "0.02..1/2" };

/** Options of a sweep for searches, whose load tool is that of open loops. */
export const SEARCH_OPTIONS = {
  ...SWEEP_OPTIONS,
  load: {
    ...SWEEP_OPTIONS.load,
    inWords: "vegeta, whose own p99 is shortest, where it is installed and can send so; else pacer",
  },
};

export function addSearchOptions(command: Command): Command {
  return command
    .option("--p99 <time>", "most that the 99th percentile of the latency may be: 20ms")
    .option("--failed-share <share>", "most of the requests that may fail (default: 0.1%)")
    .option("--confidence <share>", "how sure the answer is to be: 0.9 or 90%", "0.9")
    .option("--no-verify", "do not run the answer once more, in longer windows");
}

/** Throws LAB_USAGE. */
export function serviceGoalOf(p99: string, { failedShare }: SearchFlags): ServiceGoal {
  return {
    p99Ms: parseLatency(p99, "--p99"),
    ...(failedShare !== undefined && { failedShare: parseShare(failedShare, "--failed-share") }),
  };
}

/** How sure a one-sided answer is to be. Throws LAB_USAGE. */
export function sureOf({ confidence }: SearchFlags): number {
  const sure = parseShare(confidence, "--confidence");
  if (sure > 0.5) return sure;
  throw new LabError("LAB_USAGE", `--confidence: ${confidence} is not above 50%`);
}

/** The port for the proxy, where one is asked for. Throws LAB_USAGE. */
export function proxyPortOf({ port }: SearchFlags) {
  return port === undefined ? {} : { proxyPort: SWEEP_OPTIONS.port.value.parse(port, "--port") };
}

interface Proved {
  readonly verification?: { readonly status: SweepEnd; readonly recommended: { readonly held?: boolean } };
}

export function searchExitCode({ status, answer }: SearchAnswer<Proved>): number {
  const verification = answer?.verification;
  if (status === "interrupted" || verification?.status === "interrupted") return EXIT.interrupted;
  if (!answer || (verification && verification.recommended.held === undefined)) return EXIT.nothingMeasured;
  return verification?.recommended.held === false ? EXIT.notHeld : EXIT.ok;
}
