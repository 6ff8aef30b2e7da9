import type { Table } from "../cells/table.ts";
import { findFactor, type NumericFactor, settingWithout } from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import { formatFigure, isFigure } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { median, normalQuantile, usualConfidence } from "../statistics/index.ts";
import { type Effect, type Observation, observe } from "../statistics/trials/observe.ts";
import type { Threshold } from "../words/memory.ts";
import { levelsIn } from "./conditions.ts";
import { ratioOf } from "./ratios.ts";

/** Figures of the study's tables of observations. */
const FIGURES = [
  "requestsPerSecond",
  "latencyMs.mean",
  "completedRequests",
  "failedRequests",
  "failedShare",
  "memoryPeakBytes",
];
const STEP = 0.1;
/** A memory limit under which less than this share of the best rate is reached is too small. */
const HOLDS = 0.8;

/** What each factor does to each figure of the proxies, with the evidence: a row for each proxy and figure. */
export function evidenceTable(records: readonly TrialRecord[]): Table {
  const observations = observe(records, FIGURES);
  const factors = [...new Set(observations.map(({ factor }) => factor))].filter((factor) =>
    observations.some((one) => one.factor === factor && one.effect !== "not varied"),
  );
  const rows = Map.groupBy(observations, ({ proxy, figure }) => JSON.stringify([proxy, figure]));
  return {
    columns: [
      { title: "proxy", align: "left" },
      { title: "figure", align: "left" },
      ...factors.map((name) => ({ title: findFactor(name).label, align: "left" as const })),
    ],
    rows: [...rows.values()].map((row) => [
      row[0]!.proxy,
      figureOf(row[0]!.figure).label,
      ...factors.map((factor) => evidenceOf(row.find((one) => one.factor === factor)!, records)),
    ]),
  };
}

/** `+; ρ 0.98 (0.95 to 0.99), n 48; 2.4k per 0.1 CPU`. */
function evidenceOf(observation: Observation, records: readonly TrialRecord[]): string {
  const { effect, rho, n, effectiveN = 0, proxy, figure, factor } = observation;
  if (effect === "not varied") return effect;
  const own = records.filter(({ point, status }) => point.proxy === proxy && status === "completed");
  const correlation = rho === undefined ? `n ${n}` : `ρ ${rho.toFixed(2)}${rangeOf(rho, effectiveN)}, n ${n}`;
  const size = effect === "?" ? undefined : sizeOf(own, figureOf(figure), factor);
  // Ranks do not know that levels were measured minutes apart; the interval of a ratio does.
  const shown = size?.effect ?? effect;
  return [shown, ...[correlation, size?.text].flatMap((part) => part ?? [])].join("; ").replaceAll("-", "\u2212");
}

/** Interval of a rank correlation by Bonett and Wright (2000), which `correlate` uses too. */
function rangeOf(rho: number, n: number): string {
  if (n < 4 || Math.abs(rho) > 1 - 1e-9) return "";
  const half = normalQuantile((1 + usualConfidence) / 2) * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  const [low, high] = [Math.tanh(Math.atanh(rho) - half), Math.tanh(Math.atanh(rho) + half)];
  return ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

interface Size {
  readonly text: string;
  /** What its interval leaves no doubt of; absent where it has none. */
  readonly effect?: Effect;
}

/** Of CPU the change for each tenth of a core, of other factors the ratio between the highest and the lowest level. */
function sizeOf(records: readonly TrialRecord[], figure: Figure, factor: NumericFactor): Size | undefined {
  if (factor === "cpu") {
    const slope = medianSlope(records, figure);
    if (slope === undefined || slope === 0) return undefined;
    return { text: `${signed(slope * STEP, figure)} per ${STEP} CPU` };
  }
  const level = ({ point }: TrialRecord) => findFactor(factor).read(point);
  const levels = levelsIn(records, level);
  const [low, high] = [levels[0], levels.at(-1)];
  if (low === undefined || high === undefined || low === high) return undefined;
  const at = (wanted: number) => records.filter((record) => level(record) === wanted);
  const { ratio } = ratioOf(at(low), at(high), figure, settingWithout(factor));
  if (!ratio) return undefined;
  const named = findFactor(factor).quantity.describe;
  const text = `\u00d7${ratio.estimate.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}) from ${named(low)} to ${named(high)}`;
  return { text, effect: ratio.low > 1 ? "+" : ratio.high < 1 ? "-" : "0" };
}

function signed(value: number, { unit }: Figure): string {
  return `${value < 0 ? "-" : "+"}${formatFigure(Math.abs(value), unit)}`;
}

/**
 * Median of the slopes between all pairs of trials that differ in nothing but the CPU limit.
 * Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).
 */
function medianSlope(records: readonly TrialRecord[], figure: Figure): number | undefined {
  const strata = [...Map.groupBy(records, settingWithout("cpu")).values()];
  const slopes = strata.flatMap((trials) =>
    trials.flatMap((a, index) =>
      trials.slice(index + 1).flatMap((b) => {
        const [one, other] = [figure.of(a), figure.of(b)];
        const distance = b.point.cpu - a.point.cpu;
        return isFigure(one) && isFigure(other) && distance !== 0 ? [(other - one) / distance] : [];
      }),
    ),
  );
  return slopes.length === 0 ? undefined : median(slopes);
}

/** `undefined` where fewer than two limits were measured. */
export function memoryThreshold(proxy: string, records: readonly TrialRecord[]): Threshold | undefined {
  const own = records.filter(({ point }) => point.proxy === proxy);
  const levels = levelsIn(own, ({ point }) => point.memoryBytes);
  if (levels.length < 2) return undefined;
  const at = (bytes: number) => own.filter(({ point }) => point.memoryBytes === bytes);
  const faults = levels.map((bytes) => faultOf(at(bytes), at(levels.at(-1)!)));
  const last = faults.findLastIndex((fault) => fault !== undefined);
  const [holdsBytes, failsBytes, failure] = [levels[last + 1], levels[last], faults[last]];
  return {
    proxy,
    ...(holdsBytes === undefined ? {} : { holdsBytes }),
    ...(failsBytes === undefined ? {} : { failsBytes }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function faultOf(trials: readonly TrialRecord[], most: readonly TrialRecord[]): string | undefined {
  const failed = trials.filter(({ status }) => status === "failed");
  if (failed.length > 0) return `${failed.length} of ${trials.length} trials failed (${failed[0]!.error?.code})`;
  const bound = trials.filter(({ verdict }) => verdict?.bound === "memory-bound");
  if (bound.length > 0) return `${bound.length} of ${trials.length} trials were memory-bound`;
  const rate = figureOf("requestsPerSecond");
  const { ratio, verdict } = ratioOf(most, trials, rate, settingWithout("memory"));
  if (ratio && verdict === "lower" && ratio.estimate < HOLDS) {
    return `requests/s are ${formatFigure(ratio.estimate, "share")} of those with the most memory`;
  }
  return undefined;
}
