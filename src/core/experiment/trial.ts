import type { LoadPlugin, LoadReport } from "../contract/index.ts";
import { LabError } from "../errors.ts";
import { startSampler } from "../measure/sampler.ts";
import { type Sample, summarise, type Telemetry } from "../measure/telemetry.ts";
import { judge } from "../measure/verdict.ts";
import type { Origins } from "../origin/origin.ts";
import type { Entry } from "../plugins/registry.ts";
import { machineCpu, processCpuSeconds } from "../process/cpuTime.ts";
import type { Bench } from "./bench.ts";
import { type LoadWish, runLoad } from "./loadRun.ts";
import type { Placement } from "./placement.ts";
import type { Point, Scenario } from "./point.ts";
import type { TrialRecord, TrialResult, TrialUsage } from "./record.ts";
import type { Rig } from "./rig.ts";

/** A gap between the origins' count and the load tool's that needs an explanation. */
const gapWorthSaying = 0.01;

export interface TrialContext {
  readonly bench: Bench;
  readonly scenario: Scenario;
  readonly origins: Origins;
  readonly place?: Placement;
  readonly directRequestsPerSecond?: number;
  readonly onSample: (sample: { seconds: number; completedRequests: number }) => void;
}

export type Measurement = Pick<
  TrialRecord,
  "result" | "usage" | "originServed" | "originGap" | "verdict" | "limitsInForce"
>;

/** Measures one point on a running proxy: limit, warm-up, window. */
export async function measure(context: TrialContext, rig: Rig, point: Point): Promise<Measurement> {
  const { bench, scenario } = context;
  const entry = bench.registry.get("load", point.loadTool);
  await rig.limit(point);
  if (scenario.warmupSeconds > 0) await load(context, entry, rig, point, scenario.warmupSeconds);
  const run = await observedLoad(context, entry, rig, point);
  return describe(context, point, run, await rig.control.limits());
}

interface ObservedRun {
  readonly report: LoadReport;
  readonly telemetry: Telemetry;
  readonly originServed: number | undefined;
  readonly stealCpu: number | undefined;
}

async function observedLoad(
  context: TrialContext,
  entry: Entry<LoadPlugin>,
  rig: Rig,
  point: Point,
): Promise<ObservedRun> {
  const { origins } = context;
  let pid: number | undefined;
  const servedBefore = await origins.served();
  const machineBefore = await machineCpu();
  const started = performance.now();
  const sampler = startSampler(async (): Promise<Omit<Sample, "atSeconds">> => {
    const [proxy, originCpuSeconds, loadToolCpuSeconds] = await Promise.all([
      rig.control.usage(),
      origins.cpuSeconds(),
      pid === undefined ? undefined : processCpuSeconds(pid),
    ]);
    return { proxy, originCpuSeconds, loadToolCpuSeconds };
  });
  let report: LoadReport;
  let samples: readonly Sample[];
  try {
    report = await load(context, entry, rig, point, context.scenario.windowSeconds, (started) => {
      pid = started;
    });
  } finally {
    samples = await sampler.stop();
  }
  const elapsed = (performance.now() - started) / 1000;
  const machineAfter = await machineCpu();
  return {
    report,
    telemetry: summarise(samples),
    originServed: difference(await origins.served(), servedBefore),
    stealCpu: machineBefore && machineAfter && (machineAfter.stealSeconds - machineBefore.stealSeconds) / elapsed,
  };
}

function load(
  context: TrialContext,
  entry: Entry<LoadPlugin>,
  rig: Rig,
  point: Point,
  seconds: number,
  onPid?: (pid: number) => void,
): Promise<LoadReport> {
  const wish = { ...target(context.origins, rig, point), ...manner(context.scenario, point), until: { seconds } };
  return runLoad(context.bench, entry, wish, {
    ...(context.place ? { cores: context.place.rest } : {}),
    ...(onPid ? { onStart: (child) => onPid(child.pid), onSample: context.onSample } : {}),
  });
}

function target({ addresses, path }: Origins, rig: Rig, point: Point): Pick<LoadWish, "urls" | "forwardProxy"> {
  if (point.role === "reverse") return { urls: [`http://${rig.listen.host}:${rig.listen.port}${path}`] };
  const [first, ...others] = addresses.map(({ host, port }) => `http://${host}:${port}${path}`);
  return { urls: [first!, ...others], forwardProxy: rig.listen };
}

function manner(scenario: Scenario, point: Point): Pick<LoadWish, "concurrency" | "keepAlive"> {
  return { concurrency: point.concurrency, keepAlive: scenario.keepAlive };
}

/** The rate of a load tool straight at the origins: what it and they can do without a proxy. */
export async function measureBaseline(context: TrialContext, point: Point, seconds: number): Promise<number> {
  const entry = context.bench.registry.get("load", point.loadTool);
  const [first, ...others] = context.origins.addresses.map(
    ({ host, port }) => `http://${host}:${port}${context.origins.path}`,
  );
  const urls = entry.plugin.supports.severalUrls ? ([first!, ...others] as const) : ([first!] as const);
  const wish = { urls, ...manner(context.scenario, point), until: { seconds } };
  const report = await runLoad(context.bench, entry, wish, context.place ? { cores: context.place.rest } : {});
  return report.completedRequests / report.durationSeconds;
}

function describe(
  context: TrialContext,
  point: Point,
  { report, telemetry, originServed, stealCpu }: ObservedRun,
  inForce: { cpu?: number; memoryBytes?: number },
): Measurement {
  const result = resultOf(report);
  if (report.completedRequests === 0) throw nothingCompleted(point, result);
  const direct = context.directRequestsPerSecond;
  const gap = originServed === undefined ? undefined : gapInWords(originServed, result, point.concurrency);
  return {
    result,
    usage: usageOf(telemetry, result, stealCpu),
    ...(originServed === undefined ? {} : { originServed }),
    ...(gap === undefined ? {} : { originGap: gap }),
    limitsInForce: inForce,
    verdict: judge({
      ...telemetry,
      cpuLimit: point.cpu,
      requestsPerSecond: result.requestsPerSecond,
      ...(direct === undefined ? {} : { directRequestsPerSecond: direct }),
      ...(context.place ? { restCores: context.place.rest.length } : {}),
    }),
  };
}

function nothingCompleted(point: Point, result: TrialResult): LabError {
  const kinds = Object.entries(result.failures).map(([kind, count]) => `${count} ${kind}`);
  return new LabError(
    "LAB_LOAD",
    `${point.loadTool}: no request completed through ${point.proxy} (${kinds.join(", ") || "no reply"})`,
  );
}

function resultOf(report: LoadReport): TrialResult {
  const { latencyResolutionMs: _, ...kept } = report;
  return { ...kept, requestsPerSecond: report.completedRequests / report.durationSeconds };
}

function usageOf(telemetry: Telemetry, result: TrialResult, stealCpu: number | undefined): TrialUsage {
  const { cpuSeconds } = telemetry;
  return {
    ...telemetry,
    ...(cpuSeconds === undefined ? {} : { cpuMicrosPerRequest: (cpuSeconds * 1e6) / result.completedRequests }),
    ...(stealCpu === undefined ? {} : { stealCpu }),
  };
}

/** `undefined` where both counts agree within 1 %. */
function gapInWords(served: number, result: TrialResult, concurrency: number): string | undefined {
  const counted = result.completedRequests;
  const gap = served - counted;
  if (Math.abs(gap) <= gapWorthSaying * counted) return undefined;
  const figures = `origins served ${served}, the load tool counted ${counted}`;
  if (gap < 0) return `${figures}: the proxy answered ${-gap} itself`;
  if (gap <= 2 * concurrency) return `${figures}: ${gap} were still on their way when the window closed`;
  if (gap <= result.failedRequests + 2 * concurrency)
    return `${figures}: ${result.failedRequests} failed on the way back`;
  return `${figures}: ${gap} replies were lost or repeated`;
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}
