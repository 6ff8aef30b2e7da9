import type { ChartPoint, ChartSeries } from "../cells/chartData.ts";
import {
  byLevels,
  distinct,
  type FactorName,
  findFactor,
  type NumericFactor,
  type QuantityFactor,
  variedFactors,
} from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import { missedRate, type TrialRecord, type TrialResult } from "../domain/record.ts";
import { TABLES } from "../domain/tables.ts";
import { isOwnLimit } from "../domain/verdicts.ts";
import { centresOf } from "../statistics/trials/centre.ts";
import { LATENCY_WORDS } from "../words/trials.ts";

/** Which figure to chart against which factor. */
export interface SeriesQuery {
  readonly x: NumericFactor;
  /** Id of a figure, such as `latencyMs.p99`. */
  readonly y: string;
  /** Trials that differ in these go to different series. */
  readonly by: readonly FactorName[];
}

/** A query whose series may be left open. */
export type ChartWish = Omit<SeriesQuery, "by"> & Partial<Pick<SeriesQuery, "by">>;

/** What is drawn unless told otherwise: rates against CPU limits, or what several rates of an open loop do to its latencies. */
export function usualAxes(records: readonly TrialRecord[]): Pick<SeriesQuery, "x" | "y"> {
  const severalRates = levelsAmong(records, "rate").length > 1;
  return severalRates ? { x: "rate", y: "latencyMs.p99" } : { x: "cpu", y: "requestsPerSecond" };
}

/** The different levels of a factor that trials have, rising. */
export function levelsAmong(records: readonly TrialRecord[], name: NumericFactor): number[] {
  const { read } = findFactor(name);
  return distinct(records.flatMap(({ point }) => read(point) ?? []));
}

/** A wish with the factors that get a line each: unless given, those that vary. */
export function seriesQuery(
  records: readonly TrialRecord[],
  { by, ...wish }: ChartWish,
  { factors } = TABLES,
): SeriesQuery {
  const varied = variedFactors(records, factors).flatMap(({ id }) => (id === wish.x ? [] : id));
  return { ...wish, by: by ?? (varied.length > 0 ? varied : ["proxy"]) };
}

type LatencyKind = TrialResult["latencyKind"];

/** Trials as series of a chart; those of a series at the same x become one point, see `centresOf`. */
export function trialSeries(
  records: readonly TrialRecord[],
  query: SeriesQuery,
  { factors, figures } = TABLES,
): ChartSeries[] {
  const figure = figureOf(query.y, figures);
  const run = tried(records);
  const centreOf = centresOf(run, figure);
  const kinds = figure.latency ? [...latencyKinds(run)] : [];
  const by = query.by.map((name) => findFactor(name, factors));
  const groups = Map.groupBy(run, ({ point }) => by.map(({ read }) => read(point)).join("\n"));
  const order = byLevels(by);
  return [...groups.values()]
    .sort((a, b) => order(a[0]!, b[0]!))
    .flatMap((group) =>
      split(by.map(({ describe }) => describe(group[0]!.point)).join(", ") || "all trials", group, kinds),
    )
    .map(({ name, group }) => ({ name, points: pointsOf(group, findFactor(query.x, factors), figure, centreOf) }));
}

/** Parts trials by their kind of latency where there are several: different figures never share a line. */
function split(
  name: string,
  trials: TrialRecord[],
  kinds: readonly LatencyKind[],
): { name: string; group: TrialRecord[] }[] {
  if (kinds.length < 2) return [{ name, group: trials }];
  return [...latencyKinds(trials)].sort().map((kind) => ({
    name: `${name}, ${LATENCY_WORDS[kind]}`,
    group: trials.filter(({ result }) => !result || result.latencyKind === kind),
  }));
}

/** Trials that were run; a skipped one says nothing about its point. */
export function tried(records: readonly TrialRecord[]): TrialRecord[] {
  return records.filter(({ status }) => status !== "skipped");
}

/** Kinds of latency among trials. */
export function latencyKinds(records: readonly TrialRecord[]): Set<LatencyKind> {
  return new Set(records.flatMap(({ result }) => result?.latencyKind ?? []));
}

function pointsOf(
  records: readonly TrialRecord[],
  { read }: QuantityFactor,
  { latency }: Figure,
  centreOf: ReturnType<typeof centresOf>,
): ChartPoint[] {
  const levels = Map.groupBy(records, ({ point }) => read(point));
  // A response time is that of the offered rate only where the rate was served: else it grows for as long as the window lasts.
  const ordinary = latency && latencyKinds(records).has("response") ? "rate served" : "own limit";
  return [...levels]
    .flatMap(([x, group]) => (x === undefined ? [] : [{ x, ...centreOf(group), note: noteOf(group, ordinary) }]))
    .sort((a, b) => a.x - b.x);
}

/** What an ordinary trial is: one whose rate the proxy itself held down, or one that was served the rate that it offered. */
type Ordinary = "own limit" | "rate served";

/** Of a point in an open loop that was served less than it offered. */
export const rateMissed = "rate missed";

/** Why trials are not ordinary ones; `undefined` if they are. */
export function noteOf(records: readonly TrialRecord[], ordinary: Ordinary): string | undefined {
  const served = ordinary === "rate served";
  const bounds = new Set(records.flatMap(({ verdict }) => verdict?.bound ?? []));
  const notes: string[] = [...bounds]
    .filter((bound) => !isOwnLimit(bound) && !(served && bound === "rate-bound"))
    .sort();
  if (served && records.some(missedRate)) notes.unshift(rateMissed);
  const failed = records.filter(({ status }) => status === "failed").length;
  if (failed > 0) notes.push(failed === records.length ? "failed" : "partly failed");
  return notes.join(", ") || undefined;
}
