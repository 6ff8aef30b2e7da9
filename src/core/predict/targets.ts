import type { LatencyMs } from "../contract/index.ts";
import { perWindow } from "../records/perWindow.ts";
import type { TrialRecord } from "../records/record.ts";

/** A figure that can be learned and predicted. */
export interface Target {
  readonly unit: string;
  /** True where more CPU gives more of it; such figures have a ceiling, and only they can be goals. */
  readonly rises: boolean;
  /** The figure of a trial; `undefined` where it was not measured. */
  read(trial: TrialRecord): number | undefined;
}

export const TARGETS = {
  requestsPerSecond: { unit: "requests/s", rises: true, read: ({ result }) => result?.requestsPerSecond },
  completedRequests: {
    unit: "requests",
    rises: true,
    read: (trial) => perWindow(trial, trial.result?.completedRequests),
  },
  transferredBytes: { unit: "bytes", rises: true, read: (trial) => perWindow(trial, trial.result?.transferredBytes) },
  "latencyMs.mean": latency("mean"),
  "latencyMs.p50": latency("p50"),
  "latencyMs.p90": latency("p90"),
  "latencyMs.p99": latency("p99"),
  memoryPeakBytes: { unit: "bytes", rises: false, read: ({ usage }) => usage?.memoryPeakBytes },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof TARGETS;

function latency(figure: keyof LatencyMs): Target {
  return { unit: "ms", rises: false, read: ({ result }) => result?.latencyMs[figure] };
}
