import { setTimeout as sleep } from "node:timers/promises";
import type { LoadReport } from "../../contract/index.ts";
import { interruptGroup } from "../../process/signal.ts";
import { isComplete, isSettled } from "../samples/settled.ts";
import { liveFigures, type Sample } from "../samples/telemetry.ts";
import type { LoadWish } from "./loadRun.ts";
import { type RunningTool, readCounters, type TrialSetup } from "./watchedLoad.ts";

const periodSeconds = 0.1;
/** A few thousand requests: most proxies have grown by then. */
const warmUpSeconds = 0.4;
/** What a load tool may need beyond settling and window, to start and to print. */
const marginSeconds = 1;

/** A visit of one level: the run of a load tool, and what was seen in the window that opened once the limit had settled. */
export interface Visit {
  readonly report: LoadReport;
  /** Of the window: the first as it opened, the last as it closed. */
  readonly samples: readonly Sample[];
  readonly settled: boolean;
  readonly settleSeconds: number;
}

/**
 * Runs a load tool, waits until the counters show that the limit has settled, and watches a window: until enough requests
 * were served, or its longest time is up. Throws what the load throws.
 */
export async function visit(setup: TrialSetup, wish: Omit<LoadWish, "until">): Promise<Visit> {
  const { windowSeconds, maxWindowSeconds, warmupSeconds: longestSettling } = setup.scenario;
  const load = startLoad(setup, wish, longestSettling + maxWindowSeconds + marginSeconds);
  const samples = [await look(setup, load.tool)];
  const began = samples[0]!.atSeconds;

  /** Waits, and looks again; false where the tool has ended by then. */
  async function next(phase: "warm-up" | "window", seconds: number): Promise<boolean> {
    await Promise.race([sleep(1000 * seconds), load.ended]);
    if (load.over()) return false;
    samples.push(await look(setup, load.tool));
    const figures = liveFigures(samples);
    if (figures) setup.onFigures(phase, figures);
    return true;
  }

  let goesOn = true;
  while (goesOn && !isSettled(samples) && samples.at(-1)!.atSeconds - began < longestSettling)
    goesOn = await next("warm-up", periodSeconds);
  const opened = samples.length - 1;
  const settled = isSettled(samples);
  goesOn &&= await next("window", windowSeconds);
  while (goesOn && !isComplete(samples.slice(opened), maxWindowSeconds))
    goesOn = await next("window", 2 * periodSeconds);
  const report = await load.end();
  return { report, samples: samples.slice(opened), settled, settleSeconds: samples[opened]!.atSeconds - began };
}

/**
 * Loads a proxy that has just started for a moment, with no limit yet where its limiter can change limits: one that runs
 * for longer has its memory and its connections. Throws what the load throws.
 */
export async function warmUp(setup: TrialSetup, wish: Omit<LoadWish, "until">): Promise<void> {
  const load = startLoad(setup, wish, marginSeconds);
  await Promise.race([sleep(1000 * warmUpSeconds), load.ended]);
  await load.end();
}

async function look(setup: TrialSetup, tool: RunningTool): Promise<Sample> {
  const counters = await readCounters(setup, tool);
  return { atSeconds: performance.now() / 1000, ...counters };
}

/** Starts a load tool that ends when it is told to, or, if it cannot be told, when its time is up. */
function startLoad(setup: TrialSetup, wish: Omit<LoadWish, "until">, seconds: number) {
  const tool: RunningTool = {};
  let [over, told] = [false, false];
  const report = setup.load(
    { ...wish, until: { seconds } },
    {
      onStart: ({ pid }) => {
        tool.pid = pid;
      },
      onSample: ({ completedRequests }) => {
        tool.count = completedRequests;
      },
      onSampleFault: setup.onSampleFault,
      wasInterrupted: () => told,
    },
  );
  const end = () => {
    over = true;
  };
  return {
    tool,
    over: () => over,
    /** Resolves when the tool has ended, well or not. */
    ended: report.then(end, end),
    end(): Promise<LoadReport> {
      told = !over && setup.tool.supports.interruptible === true && tool.pid !== undefined;
      if (told) interruptGroup(tool.pid!);
      return report;
    },
  };
}
