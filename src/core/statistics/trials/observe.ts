import { findFactor, type NumericFactor, settingWithout } from "../../domain/factors.ts";
import { type Figure, figureOf } from "../../domain/figures.ts";
import { isFigure } from "../../domain/format.ts";
import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import { type Pairs, rankCorrelation } from "../index.ts";

/**
 * What a figure does when a factor rises: `+` rises, `-` falls, `0` shows no change, `?` too few trials to tell,
 * `not varied` where the factor has one level.
 */
export type Effect = "+" | "-" | "0" | "?" | "not varied";

/** What a factor does to a figure of a proxy, and the evidence. */
export interface Observation {
  readonly proxy: string;
  /** Its id. */
  readonly figure: string;
  readonly factor: NumericFactor;
  readonly effect: Effect;
  /** Spearman's rank correlation, -1 to 1; absent where the figure or the factor is the same everywhere. */
  readonly rho?: number;
  /** Trials that it comes from. */
  readonly n: number;
  /** Trials that would tell as much if they differed in nothing but the factor. */
  readonly effectiveN?: number;
}

/** Factors that `observe` looks at. Each has levels that are numbers, or none. */
export const OBSERVED_FACTORS: readonly NumericFactor[] = ["cpu", "memory", "servers"];
const OBSERVED_FIGURES: readonly string[] = [
  "requestsPerSecond",
  "latencyMs.p99",
  "completedRequests",
  "failedRequests",
  "failedShare",
  "transferredBytes",
];

/** Standard deviations that make chance an unlikely reason: two-sided, 5 %. */
const CLEAR = 1.96;

/** Finds out, for each proxy and figure, what each factor does to it. */
export function observe(
  records: readonly TrialRecord[],
  figures: readonly string[] = OBSERVED_FIGURES,
  factors: readonly NumericFactor[] = OBSERVED_FACTORS,
): Observation[] {
  const proxies = Map.groupBy(records, ({ point }) => point.proxy);
  return [...proxies.keys()].sort().flatMap((proxy) => {
    const trials = proxies.get(proxy)!;
    const settings = new Map(factors.map((factor) => [factor, settingsWithout(trials, factor)]));
    return figures.flatMap((name) =>
      factors.map((factor) => {
        const effect = effectOf(trials, figureOf(name), factor, settings.get(factor)!);
        return { proxy, figure: name, factor, ...effect };
      }),
    );
  });
}

function effectOf(
  records: readonly TrialRecord[],
  figure: Figure,
  factor: NumericFactor,
  settings: ReadonlyMap<TrialRecord, string>,
): Pick<Observation, "effect" | "rho" | "n" | "effectiveN"> {
  const measured = records.filter((record) => isBelieved(record) && isFigure(figure.of(record)));
  if (levelsOf(records, factor).size < 2) return { effect: "not varied", n: measured.length };
  const toPairs = (trials: readonly TrialRecord[]): Pairs => ({
    x: trials.map((trial) => levelOf(trial, factor)),
    y: trials.map((trial) => figure.of(trial)!),
  });
  const strata = Map.groupBy(measured, (record) => stratumOf(record, figure, settings));
  const alike = rankCorrelation([...strata.values()].map(toPairs));
  // In a plan that never repeats the other factors' levels no two trials are alike in them: then all are compared.
  const { rho, n, effectiveN, z, largestZ } = alike.n > 0 ? alike : rankCorrelation([toPairs(measured)]);
  if (rho === undefined) return { effect: levelsOf(measured, factor).size < 2 ? "?" : "0", n };
  return { effect: sign(z, largestZ), rho, n, effectiveN };
}

function sign(z: number, largestZ: number): Effect {
  if (largestZ < CLEAR) return "?";
  if (Math.abs(z) < CLEAR) return "0";
  return z > 0 ? "+" : "-";
}

/** Trials that differ in nothing but a factor have the same stratum. */
function stratumOf(record: TrialRecord, figure: Figure, settings: ReadonlyMap<TrialRecord, string>): string {
  return `${figure.latency ? record.result?.latencyKind : ""} ${settings.get(record)}`;
}

/** The setting of each trial: each figure asks for it again. */
function settingsWithout(records: readonly TrialRecord[], factor: NumericFactor): Map<TrialRecord, string> {
  const settingOf = settingWithout(factor);
  return new Map(records.map((record) => [record, settingOf(record)]));
}

function levelsOf(records: readonly TrialRecord[], factor: NumericFactor): Set<number> {
  return new Set(records.map((record) => levelOf(record, factor)));
}

/** A level as a number to rank by; no limit ranks above every limit. */
function levelOf({ point }: TrialRecord, factor: NumericFactor): number {
  const level = findFactor(factor).read(point);
  return typeof level === "number" ? level : Number.MAX_VALUE;
}
