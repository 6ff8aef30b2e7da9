import type { LoadReport, LoadSample } from "../contract/index.ts";
import { startSampler } from "../measure/sampler.ts";
import { type Sample, summarise } from "../measure/telemetry.ts";
import type { Origins } from "../origin/origin.ts";
import { machineCpu, processCpuSeconds } from "../process/cpuTime.ts";
import type { Point, Scenario } from "../records/point.ts";
import type { Bench } from "./bench.ts";
import { type LoadWatch, type LoadWish, runLoad } from "./loadRun.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import type { Placement } from "./placement.ts";
import type { Rig } from "./rig.ts";

/** What a trial runs in. */
export interface TrialContext {
  readonly bench: Bench;
  readonly scenario: Scenario;
  readonly origins: Origins;
  readonly place?: Placement;
  /** The rate of the same load without a proxy. */
  readonly directRequestsPerSecond?: number;
  readonly onSample: (sample: LoadSample) => void;
}

/** Measures one point on a running proxy: limit, warm-up, window. */
export async function measure(context: TrialContext, rig: Rig, point: Point): Promise<Measurement> {
  const { scenario, origins } = context;
  const wish = { ...throughProxy(context, rig, point), concurrency: point.concurrency, keepAlive: scenario.keepAlive };
  await rig.limit(point);
  if (scenario.warmupSeconds > 0) {
    await load(context, point, { ...wish, until: { seconds: scenario.warmupSeconds } });
  }
  const servedBefore = await origins.served();
  const { report, samples } = await observed(context, rig, (watch) =>
    load(context, point, { ...wish, until: { seconds: scenario.windowSeconds } }, watch),
  );
  const servedAfter = await origins.served();
  return measurementOf(point, {
    report,
    telemetry: summarise(samples),
    originServed: servedBefore === undefined || servedAfter === undefined ? undefined : servedAfter - servedBefore,
    limitsInForce: await rig.control.limits(),
    directRequestsPerSecond: context.directRequestsPerSecond,
    restCores: context.place?.rest.length,
  });
}

/** The rate of a load tool straight at the origins: what it and they can do without a proxy. */
export async function measureBaseline(context: TrialContext, point: Point, seconds: number): Promise<number> {
  const [url] = originUrls(context.origins);
  const report = await load(context, point, {
    urls: [url],
    concurrency: point.concurrency,
    keepAlive: context.scenario.keepAlive,
    until: { seconds },
  });
  return report.completedRequests / report.durationSeconds;
}

/** Runs a load while the counters of all roles are read. */
async function observed(
  { origins, onSample }: TrialContext,
  rig: Rig,
  run: (watch: LoadWatch) => Promise<LoadReport>,
): Promise<{ report: LoadReport; samples: readonly Sample[] }> {
  let loadTool: number | undefined;
  const sampler = startSampler(async () => {
    const [proxy, originCpuSeconds, loadToolCpuSeconds, machine] = await Promise.all([
      rig.control.usage(),
      origins.cpuSeconds(),
      loadTool === undefined ? undefined : processCpuSeconds(loadTool),
      machineCpu(),
    ]);
    return { proxy, originCpuSeconds, loadToolCpuSeconds, machine };
  });
  try {
    const onStart = ({ pid }: { readonly pid: number }) => {
      loadTool = pid;
    };
    const report = await run({ onStart, onSample });
    return { report, samples: await sampler.stop() };
  } finally {
    await sampler.stop();
  }
}

function load(
  { bench, place }: TrialContext,
  point: Point,
  wish: LoadWish,
  watch: LoadWatch = {},
): Promise<LoadReport> {
  const tool = bench.registry.get("load", point.loadTool);
  return runLoad(bench, tool, wish, { ...watch, ...(place ? { cores: place.rest } : {}) });
}

function throughProxy(
  { bench, origins }: TrialContext,
  rig: Rig,
  { role, loadTool }: Point,
): Pick<LoadWish, "urls" | "forwardProxy"> {
  if (role === "reverse") return { urls: [`http://${rig.listen.host}:${rig.listen.port}${origins.path}`] };
  const urls = originUrls(origins);
  const { severalUrls } = bench.registry.get("load", loadTool).plugin.supports;
  return { urls: severalUrls ? urls : [urls[0]], forwardProxy: rig.listen };
}

function originUrls({ addresses, path }: Origins): [string, ...string[]] {
  const [first, ...others] = addresses.map(({ host, port }) => `http://${host}:${port}${path}`);
  return [first!, ...others];
}
