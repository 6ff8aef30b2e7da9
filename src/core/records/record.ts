import type { FailureCounts, LatencyMs, LoadReport } from "../contract/index.ts";
import type { Point, Scenario } from "./point.ts";

/** Version of the shape of records and events. Raised when a field changes its meaning. */
export const SCHEMA_VERSION = 1;

/** Cause of the rate that a trial reached. Only proxy-bound and memory-bound trials say what the proxy can do. */
export type Bound = "proxy-bound" | "memory-bound" | "client-bound" | "origin-bound" | "unclear";

export interface Verdict {
  readonly bound: Bound;
  /** The figures behind it, in one line. */
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
  readonly loop: LoadReport["loop"];
}

/** What the proxy's control group and the machine counted. A figure that the host does not have is absent. */
export interface TrialUsage {
  /** CPU time of the proxy over the whole run of the load tool. */
  readonly cpuSeconds?: number;
  /** CPU time / wall time while the load was on, in cores. */
  readonly cpuAchieved?: number;
  /** Throttled periods / periods, 0 to 1. */
  readonly throttledShare?: number;
  /** CPU time of the proxy per completed request, in microseconds. */
  readonly cpuMicrosPerRequest?: number;
  readonly memoryPeakBytes?: number;
  readonly oomKills?: number;
  /** CPU of the load tool and of all origins, in cores. */
  readonly loadToolCpu?: number;
  readonly originCpu?: number;
  /** CPU of processes that are neither proxy, origin nor load tool, the lab's own included, in cores. */
  readonly otherCpu?: number;
  /** CPU that the hypervisor gave to other machines, in cores. */
  readonly stealCpu?: number;
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
  /** Plugin id -> version of the program that it found. */
  readonly versions: Readonly<Record<string, string>>;
  /** Cores each role ran on; absent where nothing was pinned. */
  readonly placement?: { readonly proxy: readonly number[]; readonly rest: readonly number[] };
}

export interface TrialFailure {
  /** Code of the error table. */
  readonly code: string;
  readonly message: string;
}

/** One record per trial, of the same shape whatever happened. */
export interface TrialRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly id: string;
  readonly sweepId: string;
  /** Position in the order of execution, from 0. */
  readonly sequence: number;
  readonly replicate: number;
  readonly status: "completed" | "failed" | "skipped";
  readonly startedAt: string;
  readonly point: Point;
  readonly scenario: Scenario;
  readonly result?: TrialResult;
  readonly usage?: TrialUsage;
  /** Requests that the origins served during the run of the load tool. */
  readonly originServed?: number;
  /** Rate of the same load straight at the origins, without a proxy. */
  readonly directRequestsPerSecond?: number;
  /** Why the origins' count and the tool's differ by more than 1 %, where they do. */
  readonly originGap?: string;
  readonly verdict?: Verdict;
  /** Settings that differ from the profile or the program's defaults. */
  readonly deviations: readonly string[];
  /** Limits that the kernel reported to be in force. */
  readonly limitsInForce?: { readonly cpu?: number; readonly memoryBytes?: number };
  /** True where the proxy was started for this trial; false where a running one was given a new limit. */
  readonly freshProcess: boolean;
  readonly error?: TrialFailure;
  readonly environment: Environment;
}
