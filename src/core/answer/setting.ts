import type { SweepEnd } from "../domain/events.ts";
import type { Running } from "../domain/face.ts";
import { dottedOptions, type TrialOptions } from "../domain/pluginOptions.ts";
import { isVisit, type Point, type Scenario } from "../domain/point.ts";
import type { SpeedReading, TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import type { FixedLevels } from "./course.ts";

/** How verification and calibration run a sweep. */
export type Measure = (
  spec: SweepSpec,
  options: MeasureOptions,
) => Promise<{ readonly id: string; readonly status: SweepEnd; readonly trials: readonly TrialRecord[] }>;

export interface MeasureOptions extends Running {
  /** For the proxy to listen on; a free one unless given. */
  readonly proxyPort?: number;
}

/** How trials were made that a model learned from; a trial record is one. */
export interface Example {
  readonly point: Point;
  readonly scenario: Scenario;
  /** Of its plugins; absent where all stood as by default. */
  readonly options?: TrialOptions;
  /** Absent where no speed probe ran beside it. */
  readonly speed?: SpeedReading;
}

/** Short visits that tell as much as a window and its warm-up, and together take no longer. */
const VISITS_A_WINDOW = 4;

/** How often to try a limit as an example was tried: so many windows, or as many visits as take their time. */
export function runsLike({ scenario }: Example, windows: number): number {
  return isVisit(scenario) ? VISITS_A_WINDOW * windows : windows;
}

/** A sweep over CPU limits that is made as an example was, at other levels: by so many replicates of each, or rounds. */
export function specLike(
  { point, scenario, speed, options }: Example,
  cpu: readonly number[],
  levels: FixedLevels,
  plan: { readonly title: string; readonly replicates: number; readonly seed: number; readonly windowSeconds?: number },
): SweepSpec {
  const memory = levels.memoryBytes ?? point.memoryBytes;
  const rate = levels.requestsPerSecond ?? point.requestsPerSecond;
  const { windowSeconds = scenario.windowSeconds, replicates, ...rest } = plan;
  return {
    ...rest,
    ...(isVisit(scenario) ? { plan: "rounds", rounds: replicates, replicates: 1 } : { plan: "grid", replicates }),
    ...(speed && { probe: true }),
    ...(options && { options: dottedOptions(options, point) }),
    proxies: [point.proxy],
    loadTools: [point.loadTool],
    limiters: [point.limiter],
    role: point.role,
    cpu,
    memoryBytes: memory === undefined ? [] : [memory],
    servers: [levels.servers ?? point.servers],
    concurrency: [levels.concurrency ?? point.concurrency],
    requestsPerSecond: rate === undefined ? [] : [rate],
    anchors: 0,
    scenario: { ...scenario, windowSeconds, maxWindowSeconds: Math.max(windowSeconds, scenario.maxWindowSeconds) },
  };
}
