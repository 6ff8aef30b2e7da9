import type { FailureCounts, LatencyMs, LoadReport, Sending } from "../contract/index.ts";
import type { TrialOptions } from "./pluginOptions.ts";
import type { Point, Scenario } from "./point.ts";
import { type Bound, servesOffered } from "./verdicts.ts";

/** Version of the shape of records and events. Raised when a field changes its meaning. */
export const SCHEMA_VERSION = 1;

export interface Verdict {
  readonly bound: Bound;
  /** The figures behind it, in one line. */
  readonly evidence: string;
}

/** Something that the load tool says of itself and that the lab saw otherwise. */
export interface Contradiction {
  readonly code: "duration" | "count" | "connections";
  /** Both figures, in one line. */
  readonly evidence: string;
}

/** What the load tool measured, in the lab's terms. */
export interface TrialResult {
  /** Completed requests / duration. */
  readonly requestsPerSecond: number;
  readonly completedRequests: number;
  readonly failedRequests: number;
  readonly failures: FailureCounts;
  readonly transferredBytes?: number;
  readonly durationSeconds: number;
  readonly latencyMs: LatencyMs;
  readonly latencyKind: LoadReport["latencyKind"];
  /** Smallest step of the latencies, in milliseconds, where the tool's is coarse. */
  readonly latencyResolutionMs?: number;
  /** All latencies as an HDR histogram (V2, compressed, base64; in microseconds), where the tool keeps them. */
  readonly latencyHistogram?: string;
  readonly loop: LoadReport["loop"];
  /** Present where the lab counted the requests itself, in the window; latencies and failures are of the tool's whole run. */
  readonly countedBy?: "origins";
  /** How well an open loop kept its plan, where its tool tells. */
  readonly sending?: Sending;
  /** Rate that an open loop was asked for. */
  readonly offeredRequestsPerSecond?: number;
}

/** How a window went: what its own course says about its figures. It is not the uncertainty between runs. */
export interface Quality {
  /** `unchecked` where nothing counts requests while they are served. */
  readonly steady: "yes" | "no" | "unchecked";
  /** Why the window ended: its rate was steady and precise, its longest time was up, or its length was fixed. */
  readonly ended: "precise" | "time-up" | "fixed";
  /** Half of the 95 % interval of the rate by batch means within this run, as a share of the rate. */
  readonly halfWidth?: number;
  /** Rate of the second half of the window / rate of the first. */
  readonly halvesRatio?: number;
  /** Rate x mean latency / concurrency. In a closed loop 1 by Little's law. */
  readonly littleRatio?: number;
  /** Requests/s in equal parts of the window. */
  readonly series?: { readonly intervalSeconds: number; readonly requestsPerSecond: readonly number[] };
}

/** What the proxy's control group and the machine counted. A figure that the host does not have is absent. */
export interface TrialUsage {
  /** CPU time of the proxy over the whole run of the load tool. */
  readonly cpuSeconds?: number;
  /** Of it in user mode and in the kernel, as the kernel's ticks tell them apart. */
  readonly userCpuSeconds?: number;
  readonly systemCpuSeconds?: number;
  /** CPU time / wall time while the load was on, in cores. */
  readonly cpuAchieved?: number;
  /** Of the CPU used between samples, some tenths of a second each: standard deviation / mean. */
  readonly cpuVariation?: number;
  /** Quota periods in which the proxy was at work. */
  readonly periods?: number;
  /** Throttled periods / periods, 0 to 1. */
  readonly throttledShare?: number;
  /** Time that the quota stopped the proxy, over the whole run of the load tool; on several cores at once it counts for each. */
  readonly throttledSeconds?: number;
  /** CPU time of the proxy per completed request, in microseconds. */
  readonly cpuMicrosPerRequest?: number;
  readonly memoryPeakBytes?: number;
  /** Times that the memory limit was reached and memory had to be reclaimed first. */
  readonly memoryLimitHits?: number;
  readonly oomKills?: number;
  /** CPU of the load tool and of all origins, in cores. */
  readonly loadToolCpu?: number;
  readonly originCpu?: number;
  /** CPU of processes that are neither proxy, origin nor load tool, the lab's own included, in cores. */
  readonly otherCpu?: number;
  /** CPU that the hypervisor gave to other machines, in cores. */
  readonly stealCpu?: number;
  /** Sockets of this machine in TIME_WAIT when the window ended; each holds a port. */
  readonly timeWaitSockets?: number;
}

/** How fast the proxy's cores were while a trial was measured, by a probe of fixed work on them. */
export interface SpeedReading {
  /** Pieces of work in the window. */
  readonly samples: number;
  /** CPU time of a piece, geometric mean, in microseconds. */
  readonly probeMicros: number;
  /** Standard deviation of its logarithm. */
  readonly logDeviation: number;
  /** CPU that the probe used, in cores. */
  readonly probeCpu: number;
}

/** How figures were put at the reference speed. */
export interface Correction {
  /** The probe's time at the reference speed, in microseconds. */
  readonly probeMicros: number;
  /** Logarithm of the probe's time / that of the reference: above 0 on a slower machine. */
  readonly logProbe: number;
  /** By how much the logarithm of the proxy's time rises with it, and the standard error of that. */
  readonly slope: number;
  readonly slopeError: number;
  /**
   * By how much the logarithm of the rate would rise if the probe's time depended on the CPU limit by one standard error
   * more than it was found to.
   */
  readonly levelShift?: number;
  /** The rate as it was measured. */
  readonly requestsPerSecond: number;
}

/** Where a trial ran and with what. The same for all trials of a sweep but for `proxyVersion` and the like. */
export interface Environment {
  readonly labVersion: string;
  readonly node: string;
  readonly platform: string;
  readonly kernel: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly cgroupVersion?: "v1" | "v2";
  /** What the lab itself and all that it starts may use, in cores and bytes, where something above it limits that. */
  readonly container?: { readonly cpu?: number; readonly memoryBytes?: number };
  /** Plugin id -> version of the program that it found. */
  readonly versions: Readonly<Record<string, string>>;
  /** Cores each role ran on; absent where nothing was pinned. */
  readonly placement?: { readonly proxy: readonly number[]; readonly rest: readonly number[] };
}

/** How the proxy was started. Its scratch folder is written as `.`, and values of secret options are left out. */
export interface Configuration {
  /** Program and arguments. */
  readonly argv: readonly string[];
  /** Variables set for it beyond a clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text of each file that was written for it. */
  readonly files: Readonly<Record<string, string>>;
  /** What the placeholders of a configuration of the user's own stood for. */
  readonly replaced?: Readonly<Record<string, string>>;
}

export interface TrialFailure {
  /** Code of the error table. */
  readonly code: string;
  readonly message: string;
  /** The last lines that the proxy wrote, where it could not be started. */
  readonly output?: string;
}

/** Where the time of a trial went, in seconds of wall time. */
export interface Timing {
  /** From the decision to run it to its record. */
  readonly total: number;
  /** Until a proxy that was started for it answered; absent where one was running. */
  readonly start?: number;
  /** To put its limits into force. */
  readonly limit?: number;
  /** Load before the window, and the window, each with the start and the end of the load tool. */
  readonly warmup?: number;
  readonly window?: number;
}

/** One record per trial, of the same shape whatever happened. */
export interface TrialRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly id: string;
  readonly sweepId: string;
  /** Position in the order of execution, from 0. */
  readonly sequence: number;
  readonly replicate: number;
  /** The trial was added to repeat a point of the plan; see `SweepSpec.anchors`. */
  readonly anchor?: true;
  /** Why an adaptive plan chose it, in one line. */
  readonly reason?: string;
  readonly status: "completed" | "failed" | "skipped";
  readonly startedAt: string;
  readonly timing?: Timing;
  readonly point: Point;
  readonly scenario: Scenario;
  /** Absent where all options of the plugins stood as by default; secret ones have no value. */
  readonly options?: TrialOptions;
  readonly result?: TrialResult;
  readonly usage?: TrialUsage;
  readonly quality?: Quality;
  /** Absent where no probe ran. */
  readonly speed?: SpeedReading;
  /** Present in what `atReferenceSpeed` gives: rate, cost and mean latency are those of the reference speed. Not stored. */
  readonly correction?: Correction;
  /** Requests that the origins served during the run of the load tool. */
  readonly originServed?: number;
  /** Rate of the same load straight at the origins, without a proxy. */
  readonly directRequestsPerSecond?: number;
  /** Latencies of the same open loop straight at the origins: what the load tool and they add themselves. */
  readonly directLatencyMs?: LatencyMs;
  /** Why the origins' count and the tool's differ by more than 1 %, where they do. */
  readonly originGap?: string;
  /** Never empty. Such a trial is not believed. */
  readonly contradictions?: readonly Contradiction[];
  readonly verdict?: Verdict;
  /** Settings that differ from the profile or the program's defaults. */
  readonly deviations: readonly string[];
  /** Absent where the trial ended before its proxy was to be started. */
  readonly configuration?: Configuration;
  /** Limits that the kernel reported to be in force. */
  readonly limitsInForce?: { readonly cpu?: number; readonly memoryBytes?: number };
  /** True where the proxy was started for this trial; false where a running one was given a new limit. */
  readonly freshProcess: boolean;
  readonly error?: TrialFailure;
  readonly environment: Environment;
}

/** Its figures count: it was completed, and its load tool did not contradict what the lab saw. */
export function isBelieved({ status, contradictions }: TrialRecord): boolean {
  return status === "completed" && contradictions === undefined;
}

/** It was an open loop, and less was served than it offered. */
export function missedRate({ point, result, correction }: TrialRecord): boolean {
  const offered = result?.offeredRequestsPerSecond ?? point.requestsPerSecond;
  if (!result || offered === undefined) return false;
  const { requestsPerSecond } = correction ?? result;
  return !servesOffered({ requestsPerSecond, offeredRequestsPerSecond: offered });
}
