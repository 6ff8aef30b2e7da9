import { type Chart, spansDecades } from "../cells/chartData.ts";
import { type Factor, findFactor, scenarioKey } from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import { plural } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { TABLES } from "../domain/tables.ts";
import { spreadOf } from "../statistics/trials/repeated.ts";
import { speedBasisOf } from "../statistics/trials/speeds.ts";
import { atItsSpeed, speedRemarksOn } from "../words/speed.ts";
import { LATENCY_WORDS } from "../words/trials.ts";
import { latencyKinds, type SeriesQuery, trialSeries, tried } from "./series.ts";

/** A figure of trials against a factor, ready to be drawn. */
export function trialChart(records: readonly TrialRecord[], query: SeriesQuery, tables = TABLES): Chart {
  const x = findFactor(query.x, tables.factors);
  const figure = figureOf(query.y, tables.figures);
  const label = atItsSpeed(figureLabel(records, figure), figure, speedBasisOf(records));
  const series = trialSeries(records, query, tables);
  const isResponse = figure.latency && latencyKinds(records).has("response");
  return {
    title: `${label} against ${x.label}`,
    x: { label: x.label, unit: x.unit },
    // Response times grow by powers of ten once a rate is not kept.
    y: { label, unit: figure.unit, ...(isResponse && spansDecades(series) && { scale: "log" }) },
    series,
    whiskers: spreadOf(tried(records), figure.of) ? "95 % interval" : "range of trials",
    remarks: [
      ...speedRemarksOn([figure], records),
      ...pooled(records, query, tables.factors),
      ...withoutLevel(records, x),
    ],
  };
}

/** The figure's label; a latency is called by its kind where all trials have the same one. */
export function figureLabel(records: readonly TrialRecord[], { label, latency }: Figure): string {
  const [kind, ...others] = latencyKinds(records);
  return latency && kind && others.length === 0 ? label.replace("latency", LATENCY_WORDS[kind]) : label;
}

/** Says what else varies inside a series: its effect is averaged away. */
function pooled(records: readonly TrialRecord[], { x, by }: SeriesQuery, factors: readonly Factor[]): string[] {
  const run = tried(records);
  const others = factors.filter(({ id }) => id !== x && !by.includes(id));
  const counts: [label: string, levels: number][] = [
    ...others.map(({ label, read }): [string, number] => [label, countOf(run, ({ point }) => read(point))]),
    ["scenario", countOf(run, scenarioKey)],
  ];
  const varied = counts.filter(([, levels]) => levels > 1).map(([label, levels]) => `${label} (${levels} levels)`);
  return varied.length > 0 ? [`points average over ${varied.join(", ")}`] : [];
}

function countOf(records: readonly TrialRecord[], key: (record: TrialRecord) => unknown): number {
  return new Set(records.map(key)).size;
}

function withoutLevel(records: readonly TrialRecord[], { label, read }: Factor): string[] {
  const count = tried(records).filter(({ point }) => read(point) === undefined).length;
  const article = /^[aeiou]/.test(label) ? "an" : "a";
  return count > 0 ? [`not drawn: ${plural(count, "trial")} without ${article} ${label}`] : [];
}
