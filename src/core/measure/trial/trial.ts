import type { LoadSetup } from "../../contract/index.ts";
import type { Point, Rate, Scenario } from "../../domain/point.ts";
import type { Timing } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { localPorts } from "../../process/kernel/sockets.ts";
import type { Origins } from "../origin/origin.ts";
import { isPrecise, isWarm } from "../samples/stopping.ts";
import { type LoadWish, runLoad } from "./loadRun.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import type { Rig } from "./rig.ts";
import type { TrialContext } from "./trialContext.ts";
import { type Span, watchedLoad } from "./watchedLoad.ts";

/** What was measured, and how long its parts took. */
export type Measured = Measurement & { readonly timing: Omit<Timing, "total" | "start"> };

type Loop = Pick<LoadSetup, "loop" | "requestsPerSecond">;

/** Measures one point on a running proxy: limit, warm-up, window. */
export async function measure(context: TrialContext, rig: Rig, point: Point): Promise<Measured> {
  const { scenario, origins } = context;
  const timing = { limit: 0, warmup: 0, window: 0 };
  await timed(timing, "limit", () => rig.limit(point));
  const wish = { ...throughProxy(context, rig, point), concurrency: point.concurrency, keepAlive: scenario.keepAlive };
  const capacity = await timed(timing, "warmup", () => warmUp(context, rig, point, wish));
  const loop = loopAt(scenario.rate, capacity);
  const servedBefore = await origins.served();
  const window = await timed(timing, "window", () =>
    watchedLoad(context, rig, point, { ...wish, ...loop }, windowOf(scenario), (figures) =>
      context.onFigures("window", figures),
    ),
  );
  const servedAfter = await origins.served();
  const measurement = measurementOf(point, {
    ...window,
    originServed: servedBefore === undefined || servedAfter === undefined ? undefined : servedAfter - servedBefore,
    limitsInForce: await rig.control.limits(),
    usableCpu: usableCpu(context, point),
    directRequestsPerSecond: context.directRequestsPerSecond,
    offeredRequestsPerSecond: loop.requestsPerSecond,
    localPorts: localPorts(),
    restCores: context.place?.rest.length,
  });
  return { ...measurement, timing };
}

/** A proxy of one thread cannot use more than one core, whatever its limit. */
function usableCpu({ bench }: TrialContext, { proxy, cpu }: Point): number {
  return Math.min(cpu, bench.registry.get("proxy", proxy).plugin.supports.maxThreads ?? cpu);
}

/** Runs a part of a trial and notes how long it took. */
async function timed<T>(timing: Record<string, number>, part: string, run: () => Promise<T>): Promise<T> {
  const before = performance.now();
  try {
    return await run();
  } finally {
    timing[part] = (performance.now() - before) / 1000;
  }
}

/** Loads the proxy until its rate has settled, and returns that rate; `undefined` where none was wanted. */
async function warmUp(
  context: TrialContext,
  rig: Rig,
  point: Point,
  wish: Omit<LoadWish, "until" | "loop">,
): Promise<number | undefined> {
  const { warmupSeconds, rate } = context.scenario;
  if (warmupSeconds === 0) return undefined;
  const loop: Loop = rate && "requestsPerSecond" in rate ? loopAt(rate, undefined) : { loop: "closed" };
  const span = { fixedSeconds: warmupSeconds, longestSeconds: warmupSeconds, enough: isWarm };
  const { report } = await watchedLoad(context, rig, point, { ...wish, ...loop }, span, (figures) =>
    context.onFigures("warm-up", figures),
  );
  return report.completedRequests / report.durationSeconds;
}

function windowOf({ windowSeconds, maxWindowSeconds }: Scenario): Span {
  const enough = (rates: readonly number[]) => isPrecise(rates, windowSeconds);
  return {
    fixedSeconds: windowSeconds,
    longestSeconds: maxWindowSeconds,
    enough: maxWindowSeconds > windowSeconds ? enough : undefined,
  };
}

/** The loop of a window, from what the warm-up reached in a closed one. */
function loopAt(rate: Rate | undefined, capacity: number | undefined): Loop {
  if (!rate) return { loop: "closed" };
  if ("requestsPerSecond" in rate) return { loop: "open", requestsPerSecond: rate.requestsPerSecond };
  if (capacity) return { loop: "open", requestsPerSecond: rate.shareOfCapacity * capacity };
  throw new LabError("LAB_USAGE", "--rate: a share of the capacity needs a warm-up to find the capacity", {
    help: "leave --warmup out, or give --rate in requests per second",
  });
}

/**
 * The rate of a load tool straight at the origins: what it and they can do without a proxy. Throws LAB_LOAD where no
 * request completed.
 */
export async function measureBaseline(context: TrialContext, point: Point, seconds: number): Promise<number> {
  const { bench, scenario, place } = context;
  const [url] = originUrls(context.origins);
  const tool = bench.registry.get("load", point.loadTool);
  const { concurrency } = point;
  const wish = { urls: [url], concurrency, keepAlive: scenario.keepAlive, loop: "closed", until: { seconds } } as const;
  const report = await runLoad(bench, tool, wish, place ? { cores: place.rest } : {});
  if (report.completedRequests === 0)
    throw new LabError("LAB_LOAD", `${point.loadTool} got no reply from the origins in ${seconds} s`);
  return report.completedRequests / report.durationSeconds;
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
