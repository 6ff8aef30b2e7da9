import type { UsageCounters } from "../../contract/index.ts";
import { withoutAbsent } from "../../domain/absent.ts";
import type { SweepEventBody } from "../../domain/events.ts";
import type { TrialUsage } from "../../domain/record.ts";
import { mean, median, squaredDeviations } from "../../statistics/index.ts";

/** Counters of all roles at one moment; what the host does not count is absent. */
export interface Sample {
  /** Monotonic clock. */
  readonly atSeconds: number;
  readonly proxy: UsageCounters;
  /** Requests that the origins have served. */
  readonly served?: number | undefined;
  /** CPU time of the load tool since its start, in seconds. */
  readonly loadToolCpuSeconds?: number | undefined;
  /** CPU time of all origins, in seconds. */
  readonly originCpuSeconds?: number | undefined;
  /** CPU time of everything on this machine, and what its hypervisor gave to others, in seconds. */
  readonly machine?: { readonly busySeconds: number; readonly stealSeconds: number } | undefined;
  readonly timeWaitSockets?: number | undefined;
}

/** What samples tell by themselves. */
export type Telemetry = Omit<TrialUsage, "cpuMicrosPerRequest">;

type SampleEvent = Extract<SweepEventBody, { type: "sample" }>;

/** What the display of a running trial shows. */
export type LiveFigures = Omit<SampleEvent, "type" | "sequence" | "phase">;

/**
 * Samples of one run of a load tool, from before its start to after its end -> what they say. `active`: those between
 * which the proxy was at work all the time.
 */
export function summarise(samples: readonly Sample[], active = activeWindow(samples)): Telemetry {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return {};
  const cpuAchieved = slope(active, cpuOf);
  const loadToolCpu = slope(active, (sample) => sample.loadToolCpuSeconds);
  const originCpu = slope(active, (sample) => sample.originCpuSeconds);
  const busy = slope(active, (sample) => sample.machine?.busySeconds);
  return withoutAbsent({
    cpuSeconds: difference(last.proxy.cpuSeconds, first.proxy.cpuSeconds),
    userCpuSeconds: difference(last.proxy.userCpuSeconds, first.proxy.userCpuSeconds),
    systemCpuSeconds: difference(last.proxy.systemCpuSeconds, first.proxy.systemCpuSeconds),
    cpuAchieved,
    cpuVariation: variation(active, cpuOf),
    periods: difference(active.at(-1)?.proxy.periods, active[0]?.proxy.periods),
    throttledShare: throttledShare(first.proxy, last.proxy),
    throttledSeconds: difference(last.proxy.throttledSeconds, first.proxy.throttledSeconds),
    memoryPeakBytes: last.proxy.memoryPeakBytes,
    memoryLimitHits: difference(last.proxy.memoryLimitHits, first.proxy.memoryLimitHits),
    oomKills: difference(last.proxy.oomKills, first.proxy.oomKills),
    loadToolCpu,
    originCpu,
    otherCpu: rest(busy, [cpuAchieved, loadToolCpu, originCpu]),
    stealCpu: slope(active, (sample) => sample.machine?.stealSeconds),
    timeWaitSockets: last.timeWaitSockets,
  });
}

/** Samples between two figures: enough time for the rate of a throttled proxy to mean something. */
const span = 2;

/** Figures of the newest samples, at each second sample; `undefined` between them. */
export function liveFigures(samples: readonly Sample[]): LiveFigures | undefined {
  const recent = samples.slice(-1 - span);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last || recent.length <= span || (samples.length - 1) % span !== 0) return undefined;
  return withoutAbsent<LiveFigures>({
    seconds: last.atSeconds - samples[0]!.atSeconds,
    requestsPerSecond: slope(recent, ({ served }) => served),
    cpuAchieved: slope(recent, ({ proxy }) => proxy.cpuSeconds),
    throttledShare: throttledShare(first.proxy, last.proxy),
    memoryBytes: last.proxy.memoryBytes,
  });
}

/**
 * The samples between which the proxy was at work. A load tool needs time to start and to print, and that time must not
 * count as CPU left unused; so the window starts and ends where the proxy does, less the two intervals it was cut in.
 */
export function activeWindow(samples: readonly Sample[]): readonly Sample[] {
  const rates = samples.slice(1).map((sample, index) => slope([samples[index]!, sample], cpuOf) ?? 0);
  const positive = rates.filter((rate) => rate > 0);
  const threshold = positive.length > 0 ? median(positive) / 4 : 0;
  const start = rates.findIndex((rate) => rate > threshold) + 1;
  const end = rates.findLastIndex((rate) => rate > threshold);
  return end > start ? samples.slice(start, end + 1) : samples;
}

function cpuOf(sample: Sample): number | undefined {
  return sample.proxy.cpuSeconds;
}

/** What is left of a whole when its known parts are taken off; absent where one of them is not known. */
function rest(whole: number | undefined, parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce(
    (left, part) => (left === undefined || part === undefined ? undefined : Math.max(0, left - part)),
    whole,
  );
}

/** Change per second of a counter from the first to the last sample that has it. */
export function slope(samples: readonly Sample[], read: (sample: Sample) => number | undefined): number | undefined {
  const known = samples.filter((sample) => read(sample) !== undefined);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || last.atSeconds <= first.atSeconds) return undefined;
  return (read(last)! - read(first)!) / (last.atSeconds - first.atSeconds);
}

/** Fewer steps say little of how much they differ. */
const fewestSteps = 8;

/** Standard deviation / mean of the change per second of a counter, from one of the samples that have it to the next. */
function variation(samples: readonly Sample[], read: (sample: Sample) => number | undefined): number | undefined {
  const known = samples.filter((sample) => read(sample) !== undefined);
  const rates = known.slice(1).flatMap((sample, index) => slope([known[index]!, sample], read) ?? []);
  if (rates.length < fewestSteps || mean(rates) <= 0) return undefined;
  return Math.sqrt(squaredDeviations(rates) / (rates.length - 1)) / mean(rates);
}

export function throttledShare(first: UsageCounters, last: UsageCounters): number | undefined {
  const periods = difference(last.periods, first.periods);
  const throttled = difference(last.throttledPeriods, first.throttledPeriods);
  return periods && throttled !== undefined ? throttled / periods : undefined;
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}
