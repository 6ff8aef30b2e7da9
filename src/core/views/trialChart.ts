import type { Chart } from "../cells/chartData.ts";
import { FACTORS, findFactor, scenarioKey } from "../domain/factors.ts";
import { isLatency, metricOf } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { spreadOf } from "../statistics/trials/repeated.ts";
import { LATENCY_WORDS, latencyKinds, type SeriesQuery, trialSeries, tried } from "./series.ts";

/** A figure of trials against a factor, ready to be drawn. */
export function trialChart(records: readonly TrialRecord[], query: SeriesQuery): Chart {
  const x = findFactor(query.x);
  const { unit } = metricOf(query.y);
  const label = figureLabel(records, query.y);
  return {
    title: `${label} against ${x.label}`,
    x: { label: x.label, unit: x.unit },
    y: { label, unit },
    series: trialSeries(records, query),
    whiskers: spreadOf(tried(records), metricOf(query.y).read) ? "95 % interval" : "range of trials",
    remarks: [...pooled(records, query), ...withoutLevel(records, query)],
  };
}

/** The metric's label; a latency is called by its kind where all trials have the same one. */
function figureLabel(records: readonly TrialRecord[], name: string): string {
  const { label } = metricOf(name);
  const [kind, ...others] = latencyKinds(records);
  return isLatency(name) && kind && others.length === 0 ? label.replace("latency", LATENCY_WORDS[kind]) : label;
}

/** Says what else varies inside a series: its effect is averaged away. */
function pooled(records: readonly TrialRecord[], { x, by }: SeriesQuery): string[] {
  const run = tried(records);
  const others = FACTORS.filter(({ name }) => name !== x && !by.includes(name));
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

function withoutLevel(records: readonly TrialRecord[], { x }: SeriesQuery): string[] {
  const factor = findFactor(x);
  const count = tried(records).filter(({ point }) => factor.read(point) === undefined).length;
  return count > 0 ? [`not drawn: ${count} ${count === 1 ? "trial" : "trials"} without a ${factor.label}`] : [];
}
