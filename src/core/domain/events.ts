import type { Point } from "./point.ts";
import type { SCHEMA_VERSION, TrialRecord } from "./record.ts";
import type { SweepSpec } from "./spec.ts";
import type { Band, ConfigurationSummary, SweepDrift } from "./summary.ts";

/** An event of a sweep before version, time and the id of the sweep were put on it. */
export type SweepEventBody =
  | {
      readonly type: "sweep-planned";
      readonly trials: number;
      /** Trials of an earlier, interrupted run of the same sweep that need not be run again. */
      readonly alreadyDone: number;
      readonly spec: SweepSpec;
      readonly estimatedSeconds: number;
    }
  | {
      /** A limiter makes ready what it needs, an image most often; before `sweep-planned`. */
      readonly type: "preparing";
      readonly limiter: string;
      /** What it does, such as `pull haproxy:lts`. */
      readonly task: string;
      /** Layers of an image that are done, and all of them. */
      readonly layers?: { readonly done: number; readonly of: number };
      readonly doneBytes?: number;
      /** Absent until the size of every layer is known. */
      readonly totalBytes?: number;
      /** Until all bytes are there, at the rate so far. */
      readonly remainingSeconds?: number;
    }
  | {
      readonly type: "baseline";
      /** Before the first trial that needs it, or after the last trial. */
      readonly when: "before" | "after";
      readonly loadTool: string;
      readonly servers: number;
      readonly concurrency: number;
      readonly requestsPerSecond: number;
      /** Of an open loop at that rate, in milliseconds; absent for a closed loop. */
      readonly p99Ms?: number;
    }
  | {
      readonly type: "trial-started";
      readonly sequence: number;
      readonly replicate: number;
      readonly anchor?: true;
      readonly point: Point;
      /** Why an adaptive plan chose it. */
      readonly reason?: string;
    }
  | {
      readonly type: "sample";
      readonly sequence: number;
      readonly phase: "warm-up" | "window";
      /** Seconds since the load tool started. */
      readonly seconds: number;
      /** All figures are of the time since the sample before; what is not counted on this machine is absent. */
      readonly requestsPerSecond?: number;
      readonly cpuAchieved?: number;
      readonly throttledShare?: number;
      readonly memoryBytes?: number;
    }
  | {
      readonly type: "trial-finished";
      readonly record: TrialRecord;
      readonly remainingSeconds: number;
      /** Where the plan depends on what is measured, as far as it is known. */
      readonly remainingTrials: number;
    }
  | {
      /** All that a plan of rounds still visits has been visited once more. */
      readonly type: "round-finished";
      /** From 1. */
      readonly round: number;
      /** Of the rates at reference speed, of all configurations so far. */
      readonly bands: readonly Band[];
      /** The widest of the bands, and the one that is wanted; absent where nothing says how wide they are, or a number of rounds is wanted. */
      readonly halfWidth?: number;
      readonly wantedHalfWidth?: number;
      readonly remainingSeconds: number;
    }
  | {
      /** Whoever watches the sweep told it something. A trial that is repeated keeps its number and begins anew. */
      readonly type: "steered";
      readonly what: "pausing" | "paused" | "resumed" | "skipped" | "repeated" | "budget";
    }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "sweep-finished";
      readonly status: SweepEnd;
      readonly completed: number;
      readonly failed: number;
      readonly skipped: number;
      readonly elapsedSeconds: number;
      /** Of all trials of the sweep, those of an earlier run of it included. */
      readonly configurations: readonly ConfigurationSummary[];
      /** Absent where no configuration was repeated, or its runs differ little. */
      readonly drift?: SweepDrift;
    };

/** What a sweep tells while it runs. Plain data; `--json` prints these, one per line. */
export type LabEvent = {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly at: string;
  readonly sweepId: string;
} & SweepEventBody;

/** How a sweep ended. */
export type SweepEnd = "finished" | "interrupted";
export type SweepStatus = "running" | SweepEnd;
