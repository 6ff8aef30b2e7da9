import type { Training } from "../../../core/contract/index.ts";
import { costsDiffer } from "./costs.ts";
import { correction, type Miss, whereOf } from "./misses.ts";
import { isFree, openRunsOf, perMs, shareOf, type TwinColumns, twinColumnsOf } from "./rows.ts";
import { type Free, freeOf, type Habits, latencyUnder } from "./twin.ts";

export interface TwinState extends TwinColumns {
  /** Share of the requests that the figure, a latency, is not exceeded by. */
  readonly share: number;
  readonly free: Free;
  readonly habits: Habits;
  /** Standard deviation of the logarithm of `crowding`: how much the runs leave open. */
  readonly crowdingDeviation: number;
  /** Standard deviation of the logarithm of measured / expected, beside what costs differ by. */
  readonly deviation: number;
  /** How far the throttled runs were off. */
  readonly misses: readonly Miss[];
}

/** What throttled proxies were seen to have, as logarithms. */
const usual = {
  /**
   * Requests that are served together share wake-ups and system calls, so the kernel's part is what becomes cheaper; by how
   * much at the same share, event loops and schedulers of threads differ.
   */
  crowding: { logPerRootOfSystemShare: 2.6, deviation: 0.5 },
  scale: { log: 0, deviation: 0.05 },
  /** Of measured latencies from those expected, and of how many runs that is worth. */
  miss: { deviation: 0.3, runs: 6 },
};
/** Misses beyond so many deviations count ever less (P. J. Huber, Annals of Mathematical Statistics 35, 1964). */
const reach = 1.5;

/** Throws where the figure is no percentile of a latency, or no run was free. */
export function fitTwin(training: Training): TwinState {
  const share = shareOf[training.figure ?? ""];
  if (share === undefined) throw new Error("the throttling twin tells percentiles of the latency only");
  const runs = openRunsOf(training);
  const free = freeOf(runs);
  const throttled = runs.filter((run) => !isFree(run));
  const missesOf = (habits: Habits) =>
    throttled.map((run) => Math.log(run.figure / latencyUnder(free, habits, run, share)));
  const { habits, crowdingDeviation } = likeliest(
    usual.crowding.logPerRootOfSystemShare * Math.sqrt(free.systemShare),
    missesOf,
  );
  const misses = missesOf(habits).map((log, i) => ({ log, ...whereOf(free, throttled[i]!) }));
  const squares = missesOf(habits).reduce(
    (sum, miss) => sum + Math.min(Math.abs(miss), 3 * usual.miss.deviation) ** 2,
    0,
  );
  const { deviation, runs: worth } = usual.miss;
  return {
    ...twinColumnsOf(training.factors),
    share,
    free,
    habits,
    crowdingDeviation,
    misses,
    deviation: Math.sqrt((worth * deviation ** 2 + squares) / (worth + throttled.length)),
  };
}

/** Between steps nothing is known. */
const leastDoubt = 0.15;
/** Steps of a habit on either side of what is usual, in deviations. */
const steps = Array.from({ length: 17 }, (_, i) => (i - 8) * 0.4);

/** The likeliest habits, seeing what others have; one after the other, the first once more. */
function likeliest(usualCrowding: number, missesOf: (habits: Habits) => number[]) {
  const at = (crowding: number, scale: number): Habits => ({
    crowding: Math.exp(usualCrowding + crowding * usual.crowding.deviation),
    scale: Math.exp(usual.scale.log + scale * usual.scale.deviation),
  });
  const costOf = (crowding: number, scale: number) =>
    crowding ** 2 +
    scale ** 2 +
    missesOf(at(crowding, scale)).reduce((sum, miss) => sum + huber(miss / usual.miss.deviation), 0);
  const best = (costs: readonly number[]) => steps[costs.indexOf(Math.min(...costs))]!;
  let [crowding, scale] = [0, 0];
  for (let turn = 0; turn < 2; turn++) {
    crowding = best(steps.map((step) => costOf(step, scale)));
    scale = best(steps.map((step) => costOf(crowding, step)));
  }
  const { mean, deviation } = believed(steps.map((step) => costOf(step, scale)));
  return { habits: at(mean, scale), crowdingDeviation: usual.crowding.deviation * deviation };
}

/** Mean and standard deviation over the steps, whose costs are minus twice the logarithms of how likely they are. */
function believed(costs: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const least = Math.min(...costs);
  const weights = costs.map((cost) => Math.exp((least - cost) / 2));
  const all = weights.reduce((sum, one) => sum + one, 0);
  const meanOf = (value: (step: number) => number) =>
    weights.reduce((sum, weight, i) => sum + weight * value(steps[i]!), 0) / all;
  const mean = meanOf((step) => step);
  return { mean, deviation: Math.max(leastDoubt, Math.sqrt(meanOf((step) => (step - mean) ** 2))) };
}

function huber(miss: number): number {
  const size = Math.abs(miss);
  return size <= reach ? size ** 2 : 2 * reach * size - reach ** 2;
}

export function predictTwin(state: TwinState, x: readonly (readonly number[])[]): number[] {
  return x.map((row) => {
    const place = placeOf(state, row);
    return latencyUnder(state.free, state.habits, place, state.share) * correction(state, place);
  });
}

/** Rate in requests/ms, and CPU limit in cores. */
function placeOf({ rate, cpu }: TwinColumns, row: readonly number[]) {
  return { rate: row[rate]! * perMs, cpu: row[cpu]! };
}

/** Numbers in the middle of equal parts of the standard normal distribution; the second row in an order of no meaning. */
const crowdings = [-1.82, -1.24, -0.92, -0.67, -0.46, -0.27, -0.09, 0.09, 0.27, 0.46, 0.67, 0.92, 1.24, 1.82];
const costs = [0.27, -0.67, 1.24, -0.09, -1.82, 0.67, -0.27, 1.82, -0.92, 0.09, 0.92, -1.24, 0.46, -0.46];
const misses = [-1.69, -1.1, -0.75, -0.47, -0.23, 0, 0.23, 0.47, 0.75, 1.1, 1.69];

/** Latencies that further runs may have: by what is not known of the habits, by what costs differ by, and by the rest. */
export function outcomesOfTwin(state: TwinState, x: readonly (readonly number[])[]): number[][] {
  const { share, free, habits, crowdingDeviation, deviation } = state;
  const variants = crowdings.map((crowding, i): Habits => {
    return {
      crowding: habits.crowding * Math.exp(crowdingDeviation * crowding),
      scale: habits.scale * Math.exp(costsDiffer * costs[i]!),
    };
  });
  return x.map((row) => {
    const place = placeOf(state, row);
    const corrected = correction(state, place);
    return variants.flatMap((variant) => {
      const latency = corrected * latencyUnder(free, variant, place, share);
      return misses.map((miss) => latency * Math.exp(deviation * miss));
    });
  });
}
