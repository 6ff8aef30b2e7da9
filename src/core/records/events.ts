import type { Point } from "./point.ts";
import type { SCHEMA_VERSION, TrialRecord } from "./record.ts";
import type { SweepSpec } from "./spec.ts";

/** What the engine tells while it works. Plain data; `--json` prints these, one per line. */
export type LabEvent = { readonly schemaVersion: typeof SCHEMA_VERSION; readonly at: string } & (
  | {
      readonly type: "sweep-planned";
      readonly sweepId: string;
      readonly trials: number;
      /** Trials of an earlier, interrupted run of the same sweep that need not be run again. */
      readonly alreadyDone: number;
      readonly spec: SweepSpec;
      readonly estimatedSeconds: number;
    }
  | {
      readonly type: "baseline";
      readonly sweepId: string;
      readonly loadTool: string;
      readonly servers: number;
      readonly concurrency: number;
      readonly requestsPerSecond: number;
    }
  | {
      readonly type: "trial-started";
      readonly sweepId: string;
      readonly sequence: number;
      readonly replicate: number;
      readonly point: Point;
    }
  | {
      readonly type: "sample";
      readonly sweepId: string;
      readonly sequence: number;
      /** Seconds since the load tool started. */
      readonly seconds: number;
      readonly completedRequests: number;
    }
  | {
      readonly type: "trial-finished";
      readonly sweepId: string;
      readonly record: TrialRecord;
      readonly remainingSeconds: number;
    }
  | { readonly type: "warning"; readonly sweepId: string; readonly message: string }
  | {
      readonly type: "sweep-finished";
      readonly sweepId: string;
      readonly status: SweepStatus;
      readonly completed: number;
      readonly failed: number;
      readonly skipped: number;
      readonly elapsedSeconds: number;
    }
);

export type SweepStatus = "running" | "finished" | "interrupted";

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An event before version and time were put on it. */
export type LabEventBody = DistributiveOmit<LabEvent, "schemaVersion" | "at">;
