import type { LatencyMs } from "../../contract/index.ts";
import { perWindow } from "../../domain/perWindow.ts";
import type { TrialRecord } from "../../domain/record.ts";

/** A figure that can be learned and predicted. */
export interface Target {
  readonly unit: string;
  /** True where more CPU gives more of it; such figures have a ceiling. */
  readonly rises: boolean;
  /**
   * Added to figures before models learn them, and taken off their answers, where 0 is an ordinary figure: what is far
   * below it does not count. Models learn logarithms.
   */
  readonly offset?: number;
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
  failedShare: { unit: "share", rises: false, offset: 1e-3, read: failedShare },
  transferredBytes: { unit: "bytes", rises: true, read: (trial) => perWindow(trial, trial.result?.transferredBytes) },
  "latencyMs.mean": latency("mean"),
  "latencyMs.p50": latency("p50"),
  "latencyMs.p90": latency("p90"),
  "latencyMs.p99": latency("p99"),
  memoryPeakBytes: { unit: "bytes", rises: false, read: ({ usage }) => usage?.memoryPeakBytes },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof TARGETS;

/** What models learn in place of 0. */
export function offsetOf(target: TargetName): number {
  return (TARGETS[target] as Target).offset ?? 0;
}

/** Failed requests / all that were sent; `undefined` when none were. */
function failedShare({ result }: TrialRecord): number | undefined {
  const sent = (result?.completedRequests ?? 0) + (result?.failedRequests ?? 0);
  return result && sent > 0 ? result.failedRequests / sent : undefined;
}

function latency(figure: keyof LatencyMs): Target {
  return { unit: "ms", rises: false, read: ({ result }) => result?.latencyMs[figure] };
}
