import type { LoadReport } from "../../contract/index.ts";
import type { Point } from "../../domain/point.ts";
import type { Quality } from "../../domain/record.ts";
import { machineCpu, processCpuSeconds } from "../../process/kernel/cpuTime.ts";
import { timeWaitSockets } from "../../process/kernel/sockets.ts";
import { interruptGroup } from "../../process/signal.ts";
import { type LiveFigures, liveFigures } from "../samples/live.ts";
import { ratesOf } from "../samples/rates.ts";
import { startSampler } from "../samples/sampler.ts";
import { activeWindow, type Sample } from "../samples/telemetry.ts";
import { type LoadWish, runLoad } from "./loadRun.ts";
import type { Rig } from "./rig.ts";
import type { TrialContext } from "./trialContext.ts";

/** How long a load lasts. */
export interface Span {
  /** With a load tool that cannot be told to end, or without `enough`. */
  readonly fixedSeconds: number;
  readonly longestSeconds: number;
  /** May it end now? Gets requests/s in parts of `bucketSeconds`. */
  readonly enough?: ((rates: readonly number[]) => boolean) | undefined;
}

/** A load with what was seen of all roles while it lasted. */
export interface Watched {
  readonly report: LoadReport;
  readonly samples: readonly Sample[];
  readonly ended: Quality["ended"];
}

/** Runs a load through a proxy, reads the counters of all roles meanwhile, and ends it when it has lasted long enough. */
export async function watchedLoad(
  context: TrialContext,
  rig: Rig,
  point: Point,
  wish: Omit<LoadWish, "until">,
  span: Span,
  onFigures: (figures: LiveFigures) => void,
): Promise<Watched> {
  const { bench, origins, place } = context;
  const tool = bench.registry.get("load", point.loadTool);
  const enough = tool.plugin.supports.interruptible ? span.enough : undefined;
  const seconds = enough ? span.longestSeconds : span.fixedSeconds;
  let loadTool: number | undefined;
  let toolCount: number | undefined;
  let ended: Quality["ended"] = enough ? "time-up" : "fixed";

  const read = async () => {
    const [proxy, served, originCpuSeconds] = await Promise.all([
      rig.control.usage(),
      origins.served(),
      origins.cpuSeconds(),
    ]);
    return {
      proxy,
      served: served ?? toolCount,
      originCpuSeconds,
      loadToolCpuSeconds: loadTool === undefined ? undefined : processCpuSeconds(loadTool),
      machine: machineCpu(),
      timeWaitSockets: timeWaitSockets(),
    };
  };
  const sampler = startSampler(read, (samples) => {
    const figures = liveFigures(samples);
    if (figures) onFigures(figures);
    if (ended === "precise" || loadTool === undefined || !enough?.(ratesOf(activeWindow(samples)))) return;
    ended = "precise";
    interruptGroup(loadTool);
  });
  try {
    const report = await runLoad(
      bench,
      tool,
      { ...wish, until: { seconds } },
      {
        onStart: ({ pid }) => {
          loadTool = pid;
        },
        onSample: ({ completedRequests }) => {
          toolCount = completedRequests;
        },
        onSampleFault: context.onSampleFault,
        wasInterrupted: () => ended === "precise",
        ...(place ? { cores: place.rest } : {}),
      },
    );
    return { report, samples: await sampler.stop(), ended };
  } finally {
    await sampler.stop();
  }
}
