import { left, right, type Table, tableOf } from "../cells/table.ts";
import { withoutAbsent } from "../domain/absent.ts";
import { findFactor, type NumericFactor, settingWithout } from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import { formatCoefficient, formatFigure } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { correlationInterval } from "../statistics/index.ts";
import { compare } from "../statistics/sides/compare.ts";
import { type Effect, type Observation, observe } from "../statistics/trials/observe.ts";
import { medianSlope } from "../statistics/trials/slope.ts";
import { observationTable } from "../views/observationTable.ts";
import { answerForTable } from "../words/comparison.ts";
import type { Threshold } from "../words/memory.ts";
import { levelsIn, trialsOf } from "./conditions.ts";
import type { NamedTrials } from "./views.ts";

/** Figures of the study's tables of observations. */
const OBSERVED = "requestsPerSecond latencyMs.mean completedRequests failedRequests failedShare memoryPeakBytes".split(
  " ",
);
/** Figures of the tables that set two sides against each other. */
const COMPARED = ["requestsPerSecond", "latencyMs.mean", "latencyMs.p99", "transferredBytes", "cpuMicrosPerRequest"];
const STEP = 0.1;
/** A memory limit under which less than this share of the best rate is reached is too small. */
const HOLDS = 0.8;

/** What each factor that varies does to each figure of the proxies, with the evidence. */
export function evidenceTable(records: readonly TrialRecord[]): Table {
  const observations = observe(records, OBSERVED);
  const varied = observations.filter(({ effect }) => effect !== "not varied").map(({ factor }) => factor);
  return observationTable(observations, (one) => evidenceOf(one, records), [...new Set(varied)]);
}

/** `+; ρ 0.98 (0.95 to 0.99), n 48; 2.4k per 0.1 CPU`. */
function evidenceOf(observation: Observation, records: readonly TrialRecord[]): string {
  const { effect, rho, n, effectiveN = 0, proxy, figure, factor } = observation;
  if (effect === "not varied") return effect;
  const own = trialsOf(proxy, records).filter(({ status }) => status === "completed");
  const range = correlationInterval("spearman", rho ?? 1, effectiveN);
  const interval = range ? ` (${formatCoefficient(range.low)} to ${formatCoefficient(range.high)})` : "";
  const correlation = rho === undefined ? `n ${n}` : `ρ ${formatCoefficient(rho)}${interval}, n ${n}`;
  const size = effect === "?" ? undefined : sizeOf(own, figureOf(figure), factor);
  // Ranks do not know that levels were measured minutes apart; the interval of a ratio does.
  const shown = size?.effect ?? effect;
  return [shown, ...[correlation, size?.text].flatMap((part) => part ?? [])].join("; ").replaceAll("-", "\u2212");
}

/**
 * Of CPU the change for each tenth of a core, of other factors the ratio between the highest and the lowest level, with
 * the effect that its interval leaves no doubt of.
 */
function sizeOf(
  records: readonly TrialRecord[],
  figure: Figure,
  factor: NumericFactor,
): { text: string; effect?: Effect } | undefined {
  if (factor === "cpu") {
    const slope = medianSlope(records, figure.of);
    if (slope === undefined || slope === 0) return undefined;
    return { text: `${signed(slope * STEP, figure)} per ${STEP} CPU` };
  }
  const { read, quantity } = findFactor(factor);
  const level = ({ point }: TrialRecord) => read(point);
  const levels = levelsIn(records, level);
  const [low, high] = [levels[0], levels.at(-1)];
  if (low === undefined || high === undefined || low === high) return undefined;
  const at = (wanted: number) => records.filter((record) => level(record) === wanted);
  const { ratio } = compare(at(low), at(high), figure.of, settingWithout(factor));
  if (!ratio) return undefined;
  const text = `\u00d7${ratio.estimate.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}) from ${quantity.describe(low)} to ${quantity.describe(high)}`;
  return { text, effect: ratio.low > 1 ? "+" : ratio.high < 1 ? "-" : "0" };
}

function signed(value: number, { unit }: Figure): string {
  return `${value < 0 ? "-" : "+"}${formatFigure(Math.abs(value), unit)}`;
}

/** `undefined` where fewer than two limits were measured. */
export function memoryThreshold(proxy: string, records: readonly TrialRecord[]): Threshold | undefined {
  const own = trialsOf(proxy, records);
  const levels = levelsIn(own, ({ point }) => point.memoryBytes);
  if (levels.length < 2) return undefined;
  const at = (bytes: number) => own.filter(({ point }) => point.memoryBytes === bytes);
  const faults = levels.map((bytes) => faultOf(at(bytes), at(levels.at(-1)!)));
  const last = faults.findLastIndex((fault) => fault !== undefined);
  const [holdsBytes, failsBytes, failure] = [levels[last + 1], levels[last], faults[last]];
  return withoutAbsent<Threshold>({ proxy, holdsBytes, failsBytes, failure });
}

function faultOf(trials: readonly TrialRecord[], most: readonly TrialRecord[]): string | undefined {
  const failed = trials.filter(({ status }) => status === "failed");
  if (failed.length > 0) return `${failed.length} of ${trials.length} trials failed (${failed[0]!.error?.code})`;
  const bound = trials.filter(({ verdict }) => verdict?.bound === "memory-bound");
  if (bound.length > 0) return `${bound.length} of ${trials.length} trials were memory-bound`;
  const rate = figureOf("requestsPerSecond");
  const { ratio, verdict } = compare(most, trials, rate.of, settingWithout("memory"));
  if (ratio && verdict === "lower" && ratio.estimate < HOLDS) {
    return `requests/s are ${formatFigure(ratio.estimate, "share")} of those with the most memory`;
  }
  return undefined;
}

/** How many times the figures of one side are those of the other, at the same CPU and memory limit. */
export function ratioTable(first: NamedTrials, second: NamedTrials): Table {
  const setting = settingWithout(["proxy", "servers"]);
  const found = COMPARED.flatMap((name) => {
    const figure = figureOf(name);
    const { ratio, verdict, pairs } = compare(first.records, second.records, figure.of, setting);
    return ratio ? [{ figure, ratio, verdict, pairs }] : [];
  });
  const times = (ratio: number) => ratio.toPrecision(3);
  return tableOf(found, [
    left("figure", ({ figure }) => figure.label),
    right(`${second.name} / ${first.name}`, ({ ratio }) => times(ratio.estimate)),
    right("95 % interval", ({ ratio }) => `${times(ratio.low)} to ${times(ratio.high)}`),
    left("answer", ({ verdict }) => answerForTable(verdict)),
    right("pairs", ({ pairs }) => String(pairs)),
  ]);
}
