import type { Training } from "../../../core/contract/index.ts";
import type { Quantiles } from "./waits.ts";

/** A row of the training: an open loop at a rate, in requests/ms, under a CPU limit, in cores. */
export interface OpenRun {
  readonly rate: number;
  readonly cpu: number;
  /** The figure that is learned. */
  readonly figure: number;
  /** CPU used, in cores, and its standard deviation / mean from sample to sample. */
  readonly use: number;
  readonly variation?: number;
  readonly throttledShare: number;
  /** Of the CPU time the share that the kernel used on behalf of the proxy. */
  readonly systemShare?: number;
  /** Absent where a percentile of it is. */
  readonly latencies?: Quantiles;
}

/** Percentiles by the names of their figures. */
export const shareOf: Readonly<Record<string, number>> = {
  "latencyMs.p50": 0.5,
  "latencyMs.p90": 0.9,
  "latencyMs.p95": 0.95,
  "latencyMs.p99": 0.99,
  "latencyMs.p999": 0.999,
};
/** Those that a distribution is drawn through. */
const drawn = ["latencyMs.p50", "latencyMs.p90", "latencyMs.p99", "latencyMs.p999"];
/** Of a rate in requests/s one in requests/ms. */
export const perMs = 1 / 1000;

/** The factors that it knows; others are ignored. */
export interface TwinColumns {
  readonly rate: number;
  readonly cpu: number;
}

/** Throws where a factor is missing. */
export function twinColumnsOf(factors: readonly string[]): TwinColumns {
  const places = { rate: factors.indexOf("requestsPerSecond"), cpu: factors.indexOf("cpu") };
  if (places.rate < 0 || places.cpu < 0)
    throw new Error("the throttling twin knows open loops at a rate under a CPU limit only");
  return places;
}

/** Throws where the training lacks figures that the twin looks at. */
export function openRunsOf({ factors, x, y, figure = "", others = {} }: Training): OpenRun[] {
  const { rate, cpu } = twinColumnsOf(factors);
  const column = (name: string): readonly (number | null)[] => (name === figure ? y : (others[name] ?? []));
  const [use, throttled, variation] = [column("cpuAchieved"), column("throttledShare"), column("cpuVariation")];
  const [user, system] = [column("userCpuMicrosPerRequest"), column("systemCpuMicrosPerRequest")];
  const runs = x.flatMap((levels, row): OpenRun[] => {
    const [used, share, varied] = [use[row] ?? undefined, throttled[row] ?? undefined, variation[row] ?? undefined];
    if (used === undefined || share === undefined) return [];
    const systemShare = shareIn(system[row] ?? 0, user[row] ?? 0);
    const latencies = quantilesOf(drawn.map((name) => column(name)[row] ?? undefined));
    return [
      {
        rate: levels[rate]! * perMs,
        cpu: levels[cpu]!,
        figure: y[row]!,
        use: used,
        throttledShare: share,
        ...(varied !== undefined && { variation: varied }),
        ...(systemShare !== undefined && { systemShare }),
        ...(latencies && { latencies }),
      },
    ];
  });
  if (runs.length === 0)
    throw new Error("the throttling twin needs the use of CPU and the throttled share of its rows");
  return runs;
}

/** Absent where neither was counted. */
function shareIn(system: number, user: number): number | undefined {
  return system + user > 0 ? system / (system + user) : undefined;
}

const depths = drawn.map((name) => -Math.log(1 - shareOf[name]!));
/** Latencies a hair apart have no slope. */
const leastStep = 1e-3;

/** The last of the percentiles may be absent. */
function quantilesOf(latencies: readonly (number | undefined)[]): Quantiles | undefined {
  const known = latencies.at(-1) === undefined ? latencies.slice(0, -1) : latencies;
  if (known.some((one) => one === undefined || !(one > 0))) return undefined;
  let last = Number.NEGATIVE_INFINITY;
  const log = (known as number[]).map((one) => {
    last = Math.max(Math.log(one), last + leastStep);
    return last;
  });
  return { depth: depths.slice(0, log.length), log };
}

/** No request, or hardly any, waited for the quota. */
const hardlyThrottled = 0.02;
const ampleLimit = 1.3;

export function isFree({ throttledShare, cpu, use }: OpenRun): boolean {
  return throttledShare <= hardlyThrottled && cpu >= ampleLimit * use;
}
