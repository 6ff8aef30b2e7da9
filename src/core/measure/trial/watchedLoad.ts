import type { LoadPlugin, LoadReport, ProxyPlugin } from "../../contract/index.ts";
import type { Point, Scenario } from "../../domain/point.ts";
import type { Quality } from "../../domain/record.ts";
import type { LabError } from "../../errors.ts";
import { machineCpu, processCpuSeconds } from "../../process/kernel/cpuTime.ts";
import { timeWaitSockets } from "../../process/kernel/sockets.ts";
import { interruptGroup } from "../../process/signal.ts";
import type { Origins } from "../origin/origin.ts";
import type { Rig } from "../rig/rig.ts";
import { ratesOf } from "../samples/rates.ts";
import { startSampler } from "../samples/sampler.ts";
import { activeWindow, type LiveFigures, liveFigures, type Sample } from "../samples/telemetry.ts";
import type { SpeedProbe } from "../speed/probe.ts";
import type { Load, LoadWish } from "./loadRun.ts";

/** What a trial is measured with. */
export interface TrialSetup {
  readonly point: Point;
  readonly scenario: Scenario;
  readonly proxy: Pick<ProxyPlugin, "supports">;
  readonly tool: Pick<LoadPlugin, "supports">;
  /** The proxy, running. */
  readonly rig: Pick<Rig, "entrance" | "control" | "limit">;
  /** The proxy was started for this trial; absent: no. */
  readonly freshProcess?: boolean;
  readonly origins: Origins;
  readonly load: Load;
  /** The rate of the same load without a proxy. */
  readonly directRequestsPerSecond?: number | undefined;
  /** Cores that load tool and origins share; absent where nothing was pinned. */
  readonly restCores?: number | undefined;
  /** Cores that the proxy was pinned to; absent where it was not. */
  readonly proxyCores?: number | undefined;
  /** What a speed probe says of the time between two moments, in seconds of `performance.now()`. */
  readonly speed?: SpeedProbe["between"] | undefined;
  readonly onFigures: (phase: "warm-up" | "window", figures: LiveFigures) => void;
  /** Called where a plugin fails to give live figures. */
  readonly onSampleFault: (fault: LabError) => void;
}

/** How long a load lasts. */
export interface LoadDuration {
  /** With a load tool that cannot be told to end, or without `enough`. */
  readonly fixedSeconds: number;
  readonly longestSeconds: number;
  /** May it end now? Gets requests/s in parts of `bucketSeconds`. */
  readonly enough?: ((rates: readonly number[]) => boolean) | undefined;
}

/** A load tool as far as it tells of itself while it runs. */
export interface RunningTool {
  pid?: number;
  /** Requests that it has completed. */
  count?: number;
}

/** A load with what was seen of all roles while it lasted. */
export interface WatchedLoad {
  readonly report: LoadReport;
  readonly samples: readonly Sample[];
  readonly ended: Quality["ended"];
}

/** Runs a load through a proxy, reads the counters of all roles meanwhile, and ends it when it has lasted long enough. */
export async function watchedLoad(
  setup: TrialSetup,
  phase: "warm-up" | "window",
  wish: Omit<LoadWish, "until">,
  duration: LoadDuration,
): Promise<WatchedLoad> {
  const { tool, load, onFigures, onSampleFault } = setup;
  const enough = tool.supports.interruptible ? duration.enough : undefined;
  const seconds = enough ? duration.longestSeconds : duration.fixedSeconds;
  const running: RunningTool = {};
  let ended: Quality["ended"] = enough ? "time-up" : "fixed";

  const sampler = startSampler(
    () => readCounters(setup, running),
    (samples) => {
      const figures = liveFigures(samples);
      if (figures) onFigures(phase, figures);
      if (ended === "precise" || running.pid === undefined || !enough?.(ratesOf(activeWindow(samples)))) return;
      ended = "precise";
      interruptGroup(running.pid);
    },
  );
  try {
    const report = await load(
      { ...wish, until: { seconds } },
      {
        onStart: ({ pid }) => {
          running.pid = pid;
        },
        onSample: ({ completedRequests }) => {
          running.count = completedRequests;
        },
        onSampleFault,
        wasInterrupted: () => ended === "precise",
      },
    );
    return { report, samples: await sampler.stop(), ended };
  } finally {
    await sampler.stop();
  }
}

/** The counters of all roles at this moment. */
export async function readCounters(
  { rig, origins }: Pick<TrialSetup, "rig" | "origins">,
  { pid, count }: RunningTool,
): Promise<Omit<Sample, "atSeconds">> {
  const [proxy, served, originCpuSeconds] = await Promise.all([
    rig.control.usage(),
    origins.served(),
    origins.cpuSeconds(),
  ]);
  return {
    proxy,
    served: served ?? count,
    originCpuSeconds,
    loadToolCpuSeconds: pid === undefined ? undefined : processCpuSeconds(pid),
    machine: machineCpu(),
    timeWaitSockets: timeWaitSockets(),
  };
}
