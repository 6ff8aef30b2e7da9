import type { ChartPoint, ChartSeries } from "../cells/chartData.ts";
import {
  byLevels,
  type FactorName,
  findFactor,
  type NumericFactor,
  type QuantityFactor,
  variedFactors,
} from "../domain/factors.ts";
import { figureOf } from "../domain/figures.ts";
import type { TrialRecord, TrialResult } from "../domain/record.ts";
import { TABLES } from "../domain/tables.ts";
import { showsProxy } from "../domain/verdicts.ts";
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
    .map(({ name, group }) => ({ name, points: pointsOf(group, findFactor(query.x, factors), centreOf) }));
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
  centreOf: ReturnType<typeof centresOf>,
): ChartPoint[] {
  const levels = Map.groupBy(records, ({ point }) => read(point));
  return [...levels]
    .flatMap(([x, group]) => (x === undefined ? [] : [{ x, ...centreOf(group), note: noteOf(group) }]))
    .sort((a, b) => a.x - b.x);
}

/** What held a point back other than the proxy itself. */
function noteOf(records: readonly TrialRecord[]): string | undefined {
  const bounds = records.flatMap(({ verdict }) => verdict?.bound ?? []);
  const notes: string[] = [...new Set(bounds)].filter((bound) => !showsProxy(bound)).sort();
  const failed = records.filter(({ status }) => status === "failed").length;
  if (failed > 0) notes.push(failed === records.length ? "failed" : "partly failed");
  return notes.join(", ") || undefined;
}
