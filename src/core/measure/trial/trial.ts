import type { LoadReport, LoadSetup } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import { isVisit, type Scenario } from "../../domain/point.ts";
import type { Timing } from "../../domain/record.ts";
import { LabError } from "../../errors.ts";
import { localPorts } from "../../process/kernel/sockets.ts";
import { originUrls } from "../origin/origin.ts";
import { urlOf } from "../rig/entrance.ts";
import { isPrecise, isWarm } from "../samples/steady.ts";
import type { LoadBounds } from "../samples/verdict.ts";
import type { LoadWish } from "./loadRun.ts";
import { activeOf, type Measurement, measurementOf, type Observed } from "./measurement.ts";
import { visit, warmUp } from "./visit.ts";
import { type LoadDuration, type TrialSetup, watchedLoad } from "./watchedLoad.ts";
import { witnessed } from "./witness.ts";

/** What was measured, and how long its parts took. */
export type MeasuredTrial = Measurement & { readonly timing: Omit<Timing, "total" | "start"> };

type OfLoop = Pick<LoadSetup, "loop" | "requestsPerSecond" | "arrivals">;

/** Measures one point on a running proxy. */
export function measureTrial(setup: TrialSetup): Promise<MeasuredTrial> {
  return isVisit(setup.scenario) ? measureVisit(setup) : measureWindow(setup);
}

/** Limit, and a run of the load tool in which the limit settles first; before both a new proxy is warmed up. */
async function measureVisit(setup: TrialSetup): Promise<MeasuredTrial> {
  const { rig } = setup;
  const timing = { limit: 0, warmup: 0, window: 0 };
  const loop = loopAt(setup, undefined);
  const wish = { ...wishOf(setup), ...loop };
  if (setup.freshProcess) await timed(timing, "warmup", () => warmUp(setup, wish));
  await timed(timing, "limit", () => rig.limit(setup.point));
  const seen = await witnessed(setup, (watched) => timed(timing, "window", () => visit(watched, wish)));
  timing.warmup += seen.settleSeconds;
  timing.window -= seen.settleSeconds;
  return { ...(await measured(setup, seen, loop)), timing };
}

/** Limit, warm-up, window: the last two a run of the load tool each. */
async function measureWindow(setup: TrialSetup): Promise<MeasuredTrial> {
  const { point, scenario, rig } = setup;
  const timing = { limit: 0, warmup: 0, window: 0 };
  await timed(timing, "limit", () => rig.limit(point));
  const wish = wishOf(setup);
  const warmUp = await timed(timing, "warmup", () => warmedUp(setup, wish));
  const loop = loopAt(setup, warmUp && warmUp.completedRequests / warmUp.durationSeconds);
  const window = await witnessed(setup, (watched) =>
    timed(timing, "window", () => watchedLoad(watched, "window", { ...wish, ...loop }, windowOf(scenario))),
  );
  return { ...(await measured(setup, window, loop)), timing };
}

/** What a run of the load tool says. */
async function measured(
  setup: TrialSetup,
  seen: Omit<Observed, "speed" | "limitsInForce" | "bounds">,
  loop: OfLoop,
): Promise<Measurement> {
  const { point, proxy, rig, proxyCores, speed } = setup;
  const active = activeOf(seen);
  const reading = speed?.(active[0]?.atSeconds ?? 0, active.at(-1)?.atSeconds ?? 0);
  // The probe takes its part of the proxy's cores, too.
  const coresLeft = proxyCores === undefined ? point.cpu : proxyCores - (reading?.probeCpu ?? 0);
  return measurementOf(point, {
    ...seen,
    speed: reading,
    limitsInForce: await rig.control.limits(),
    bounds: withoutAbsent<LoadBounds>({
      // A proxy of one thread cannot use more than one core, whatever its limit.
      usableCpu: Math.min(point.cpu, proxy.supports.maxThreads ?? point.cpu, coresLeft),
      directRequestsPerSecond: setup.directRequestsPerSecond,
      offeredRequestsPerSecond: loop.requestsPerSecond,
      localPorts: localPorts(),
      restCores: setup.restCores,
    }),
  });
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
  const { scenario } = setup;
  const { warmupSeconds, rate } = scenario;
  if (warmupSeconds === 0) return undefined;
  const loop: OfLoop = rate ? { loop: "closed" } : loopAt(setup, undefined);
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

/** The loop of a trial. `capacity`: what the warm-up reached in a closed one, in requests/s. */
function loopAt({ point, scenario: { rate, arrivals } }: TrialSetup, capacity: number | undefined): OfLoop {
  const open = { loop: "open", ...(arrivals && { arrivals }) } as const;
  if (point.requestsPerSecond !== undefined) return { ...open, requestsPerSecond: point.requestsPerSecond };
  if (!rate) return { loop: "closed" };
  if (capacity) return { ...open, requestsPerSecond: rate.shareOfCapacity * capacity };
  throw new LabError("LAB_USAGE", "--rate: a share of the capacity needs a warm-up to find the capacity", {
    help: "leave --warmup out, or give --rate in requests per second",
  });
}

/** A load through the proxy, all but its loop and its length. */
function wishOf({ point, scenario, rig, origins, tool }: TrialSetup): Omit<LoadWish, "until" | "loop"> {
  const { keepAlive, http } = scenario;
  const common = { concurrency: point.concurrency, keepAlive, ...(http === "2" && { http2: true }) };
  if (point.role === "reverse") return { urls: [urlOf(rig.entrance, origins.path)], ...common };
  const urls = originUrls(origins);
  return { urls: tool.supports.severalUrls ? urls : [urls[0]], forwardProxy: rig.entrance.listen, ...common };
}
