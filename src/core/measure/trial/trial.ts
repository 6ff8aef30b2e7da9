import type { LoadReport, LoadSetup } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import type { Rate, Scenario } from "../../domain/point.ts";
import type { Timing } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { localPorts } from "../../process/kernel/sockets.ts";
import { originUrls } from "../origin/origin.ts";
import { isPrecise, isWarm } from "../samples/steady.ts";
import type { LoadBounds } from "../samples/verdict.ts";
import type { LoadWish } from "./loadRun.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import { type LoadDuration, type TrialSetup, watchedLoad } from "./watchedLoad.ts";

/** What was measured, and how long its parts took. */
export type MeasuredTrial = Measurement & { readonly timing: Omit<Timing, "total" | "start"> };

type OfLoop = Pick<LoadSetup, "loop" | "requestsPerSecond">;

/** Measures one point on a running proxy: limit, warm-up, window. */
export async function measureTrial(setup: TrialSetup): Promise<MeasuredTrial> {
  const { point, scenario, rig, origins, proxy } = setup;
  const timing = { limit: 0, warmup: 0, window: 0 };
  await timed(timing, "limit", () => rig.limit(point));
  const wish = wishOf(setup);
  const warmUp = await timed(timing, "warmup", () => warmedUp(setup, wish));
  const loop = loopAt(scenario.rate, warmUp && warmUp.completedRequests / warmUp.durationSeconds);
  const servedBefore = await origins.served();
  const window = await timed(timing, "window", () =>
    watchedLoad(setup, "window", { ...wish, ...loop }, windowOf(scenario)),
  );
  const servedAfter = await origins.served();
  const measurement = measurementOf(point, {
    ...window,
    originServed: servedBefore === undefined || servedAfter === undefined ? undefined : servedAfter - servedBefore,
    limitsInForce: await rig.control.limits(),
    bounds: withoutAbsent<LoadBounds>({
      // A proxy of one thread cannot use more than one core, whatever its limit.
      usableCpu: Math.min(point.cpu, proxy.supports.maxThreads ?? point.cpu),
      directRequestsPerSecond: setup.directRequestsPerSecond,
      offeredRequestsPerSecond: loop.requestsPerSecond,
      localPorts: localPorts(),
      restCores: setup.restCores,
    }),
  });
  return { ...measurement, timing };
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

/** Loads the proxy until its rate has settled; `undefined` where no warm-up was wanted. */
async function warmedUp(setup: TrialSetup, wish: Omit<LoadWish, "until" | "loop">): Promise<LoadReport | undefined> {
  const { warmupSeconds, rate } = setup.scenario;
  if (warmupSeconds === 0) return undefined;
  const loop: OfLoop = rate && "requestsPerSecond" in rate ? loopAt(rate, undefined) : { loop: "closed" };
  const duration = { fixedSeconds: warmupSeconds, longestSeconds: warmupSeconds, enough: isWarm };
  return (await watchedLoad(setup, "warm-up", { ...wish, ...loop }, duration)).report;
}

function windowOf({ windowSeconds, maxWindowSeconds }: Scenario): LoadDuration {
  const enough = (rates: readonly number[]) => isPrecise(rates, windowSeconds);
  return {
    fixedSeconds: windowSeconds,
    longestSeconds: maxWindowSeconds,
    enough: maxWindowSeconds > windowSeconds ? enough : undefined,
  };
}

/** The loop of a window, from what the warm-up reached in a closed one, in requests/s. */
function loopAt(rate: Rate | undefined, capacity: number | undefined): OfLoop {
  if (!rate) return { loop: "closed" };
  if ("requestsPerSecond" in rate) return { loop: "open", requestsPerSecond: rate.requestsPerSecond };
  if (capacity) return { loop: "open", requestsPerSecond: rate.shareOfCapacity * capacity };
  throw new LabError("LAB_USAGE", "--rate: a share of the capacity needs a warm-up to find the capacity", {
    help: "leave --warmup out, or give --rate in requests per second",
  });
}

/** A load through the proxy, all but its loop and its length. */
function wishOf({ point, scenario, rig, origins, tool }: TrialSetup): Omit<LoadWish, "until" | "loop"> {
  const common = { concurrency: point.concurrency, keepAlive: scenario.keepAlive };
  const { host, port } = rig.listen;
  if (point.role === "reverse") return { urls: [`http://${host}:${port}${origins.path}`], ...common };
  const urls = originUrls(origins);
  return { urls: tool.supports.severalUrls ? urls : [urls[0]], forwardProxy: rig.listen, ...common };
}
