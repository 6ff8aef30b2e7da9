import { type CostLaw, costAt, costLaw } from "./costs.ts";
import { throttle } from "./quota.ts";
import { isFree, type OpenRun } from "./rows.ts";
import type { Quantiles } from "./waits.ts";

/** What is known of a proxy where nothing stops it. */
export interface Free {
  readonly costs: CostLaw;
  /** Of the CPU time the share that the kernel used on behalf of the proxy. */
  readonly systemShare: number;
  /** At rates, in requests/ms, in rising order: latencies, and the standard deviation of the logarithm of the costs from period to period. */
  readonly measured: readonly { readonly rate: number; readonly quantiles: Quantiles; readonly variation: number }[];
}

/** What only throttled runs show. */
export interface Habits {
  /** What waited is served as cheaply as requests that come so many times as fast. */
  readonly crowding: number;
  /** Costs of the throttled runs / those of the runs that nothing stopped. */
  readonly scale: number;
}

const periodMs = 100;
/** Of machines and proxies as they usually are. */
const usualVariation = 0.1;
const usualSystemShare = 0.3;
/** Samples of CPU use span about two periods, and differ less than these. */
const perPeriod = 1.5;

/** Throws where no run was free. */
export function freeOf(runs: readonly OpenRun[]): Free {
  const free = runs.filter((run) => isFree(run) && run.latencies);
  if (free.length === 0) throw new Error("the throttling twin needs runs that no limit stopped");
  return {
    costs: costLaw(free.map(({ rate, use }) => ({ rate, cost: use / rate }))),
    systemShare: systemShareOf(free),
    measured: [...Map.groupBy(free, ({ rate }) => rate)]
      .sort(([a], [b]) => a - b)
      .map(([rate, own]) => ({
        rate,
        quantiles: meanOf(own.map(({ latencies }) => latencies!)),
        variation: perPeriod * average(own.map(({ variation = usualVariation }) => variation)),
      })),
  };
}

/** Of the CPU time of all: the kernel counts it by ticks, which tell little of a run that used little. */
function systemShareOf(runs: readonly OpenRun[]): number {
  const all = runs.reduce((sum, { use }) => sum + use, 0);
  return runs.reduce((sum, { use, systemShare = usualSystemShare }) => sum + use * systemShare, 0) / all;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** The geometric mean of latencies, at the depths that all have. */
function meanOf(all: readonly Quantiles[]): Quantiles {
  const count = Math.min(...all.map(({ log }) => log.length));
  const { depth } = all[0]!;
  const log = depth.slice(0, count).map((_, at) => all.reduce((sum, one) => sum + one.log[at]!, 0) / all.length);
  return { depth: depth.slice(0, count), log };
}

/** The latency, in ms, that a share of the requests do not exceed at a rate, in requests/ms, under a CPU limit, in cores. */
export function latencyUnder(
  { costs, measured }: Free,
  { crowding, scale }: Habits,
  { rate, cpu }: Pick<OpenRun, "rate" | "cpu">,
  share: number,
): number {
  const live = scale * costAt(costs, rate);
  const free = between(measured, rate);
  const waits = throttle({
    ...{ rate, cpu, periodMs, variation: free.variation },
    liveCost: live,
    waitedCost: Math.min(live, scale * costAt(costs, crowding * rate)),
  });
  return waits.latencyAt(share, free.quantiles);
}

/** Between rates that were measured on a straight line, in logarithms; beyond them as at the nearest. */
function between(measured: Free["measured"], rate: number): Omit<Free["measured"][number], "rate"> {
  const next = measured.findIndex((one) => one.rate >= rate);
  if (next <= 0) return measured.at(next)!;
  const [before, after] = [measured[next - 1]!, measured[next]!];
  const part = Math.log(rate / before.rate) / Math.log(after.rate / before.rate);
  const count = Math.min(before.quantiles.log.length, after.quantiles.log.length);
  const log = before.quantiles.log.slice(0, count).map((one, at) => one + part * (after.quantiles.log[at]! - one));
  const variation = before.variation + part * (after.variation - before.variation);
  return { quantiles: { depth: before.quantiles.depth.slice(0, count), log }, variation };
}
