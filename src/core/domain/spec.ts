import type { PluginOptions, Role } from "../contract/index.ts";
import type { Scenario } from "./point.ts";

/** Sweeps of the same study have the same id, and are reported together. */
export interface StudyPart {
  readonly id: string;
  /** Short windows and few levels. */
  readonly quick: boolean;
}

/** Plans that can be asked for. */
export const PLANS = ["rounds", "grid", "random", "adaptive"] as const;
export type WrittenPlan = (typeof PLANS)[number];

/** What a proxy is to keep at the rate that it is offered. */
export interface ServiceGoal {
  /** 99th percentile of the latency, in milliseconds, from the intended start of each request. */
  readonly p99Ms: number;
  /** Failed requests / all requests; absent: one in a thousand. */
  readonly failedShare?: number;
}

/** What a sweep varies (lists of levels) and what it keeps fixed. */
export interface SweepSpec {
  readonly title?: string;
  /** The study that the sweep is a part of. */
  readonly study?: StudyPart;
  readonly proxies: readonly string[];
  readonly loadTools: readonly string[];
  readonly limiters: readonly string[];
  /**
   * Options of its plugins by dotted names (`haproxy.accessLog`): of a sweep that was begun all that differ from the
   * defaults, of another one those that it sets over plugins.json.
   */
  readonly options?: PluginOptions;
  readonly role: Role;
  /** CPU limits in cores. */
  readonly cpu: readonly number[];
  /** Memory limits in bytes; an empty list means no limit. */
  readonly memoryBytes: readonly number[];
  readonly servers: readonly number[];
  readonly concurrency: readonly number[];
  /** Offered rates of an open loop; an empty list means a closed one, or a share of its capacity (`Scenario.rate`). */
  readonly requestsPerSecond: readonly number[];
  readonly replicates: number;
  /** Most trials added to the plan that repeat some of its points over the time of the sweep; absent means none. */
  readonly anchors?: number;
  /**
   * `rounds`: all combinations, each in each round, for as many rounds as the wanted precision takes. `grid`: all combinations. `random`: points spread over the space between the lowest and the highest levels. `adaptive`:
   * CPU levels between the lowest and the highest are chosen where they tell most. `floor`: search for the least memory at
   * the first combination. `size`: search between the CPU levels for the least that keeps the goal at the offered rate.
   * `capacity`: search between the offered rates for the highest at which the goal is kept under the CPU limit.
   */
  readonly plan: WrittenPlan | "floor" | "size" | "capacity";
  /** Of a plan `size` or `capacity`. */
  readonly goal?: ServiceGoal;
  /**
   * Number of trials of a random or an adaptive plan; absent: 10 points for each factor that varies, or 24 visits
   * (8 windows) for each combination of everything but CPU.
   */
  readonly trials?: number;
  /**
   * An adaptive plan also ends once a straight line between neighbouring CPU levels, on log scales, is nowhere wrong by
   * more than this share of the rate, as far as its bends show; absent: it does not.
   */
  readonly until?: number;
  /** Of a plan of rounds: half-width of the band that every configuration is to have, as a share of its rate. */
  readonly precision?: number;
  /** Number of rounds, whatever their precision; absent: as many as the precision takes. */
  readonly rounds?: number;
  /** Whether a speed probe runs beside the proxy; absent in sweeps of labs that had none. */
  readonly probe?: boolean;
  /** Time after which no further trial is begun; absent: none. */
  readonly budgetSeconds?: number;
  readonly seed: number;
  readonly scenario: Scenario;
}

/** Most levels of a factor and most trials of a sweep: far more than anybody waits for. */
export const MOST_LEVELS = 1000;
const MOST_TRIALS = 100_000;

/** What a spec has too much of to be planned in memory and in time; `undefined`: nothing. */
export function excessOf(spec: SweepSpec): string | undefined {
  const { proxies, loadTools, limiters, cpu, memoryBytes, servers, concurrency, requestsPerSecond = [] } = spec;
  const factors = [proxies, loadTools, limiters, cpu, memoryBytes, servers, concurrency, requestsPerSecond];
  if (factors.some(({ length }) => length > MOST_LEVELS)) return `a factor of more than ${MOST_LEVELS} levels`;
  const points = factors.reduce((product, { length }) => product * Math.max(1, length), 1);
  const { replicates, rounds = 1, anchors = 0, trials = 0 } = spec;
  const most = Math.max(points * replicates, points * rounds, trials) + anchors;
  return most > MOST_TRIALS ? `${most} trials, and ${MOST_TRIALS} are the most` : undefined;
}
