import type { Table } from "../cells/table.ts";
import { scenarioKey } from "../domain/factors.ts";
import { type Figure, figureOf } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import { usualConfidence } from "../statistics/index.ts";
import { type Comparison, compare } from "../statistics/trials/compare.ts";
import { spreadOf } from "../statistics/trials/repeated.ts";
import type { Side } from "./views.ts";

const FIGURES = ["requestsPerSecond", "latencyMs.mean", "latencyMs.p99", "transferredBytes", "cpuMicrosPerRequest"];

/** How many times the figures of one side are those of the other, at the same CPU and memory limit. */
export function ratioRows(first: Side, second: Side, figures: readonly string[] = FIGURES): Table {
  const rows = figures.flatMap((name) => {
    const figure = figureOf(name);
    const { ratio, verdict, pairs } = ratioOf(first.records, second.records, figure, settingOf);
    if (!ratio) return [];
    const interval = `${times(ratio.low)} to ${times(ratio.high)}`;
    const answer = verdict === "no difference" ? "no difference shown" : verdict;
    return [[figure.label, times(ratio.estimate), interval, answer, String(pairs)]];
  });
  return {
    columns: [
      { title: "figure", align: "left" },
      { title: `${second.name} / ${first.name}`, align: "right" },
      { title: "95 % interval", align: "right" },
      { title: "answer", align: "left" },
      { title: "pairs", align: "right" },
    ],
    rows,
  };
}

/**
 * second / first over the settings that both were measured at. A sweep measures proxies in turns, but all trials with one
 * memory limit and number of servers before those with another: sides that differ in these are minutes apart, and what
 * runs of one configuration differ by is added for each. Where nothing was repeated to know that, there is no ratio.
 */
export function ratioOf(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
  { of }: Figure,
  setting: (record: TrialRecord) => string,
): Comparison {
  const [ones, others] = together(first, second);
  if (rigsOf(ones) === rigsOf(others)) return compare(ones, others, of, setting);
  const spread = spreadOf([...ones, ...others], of);
  const found = compare(ones, others, of, setting, usualConfidence, 2 * (spread?.logDeviation ?? 0) ** 2);
  if (spread) return found;
  const { ratio: _, ...bare } = found;
  return { ...bare, verdict: "too few" };
}

/** What a proxy has to be started anew for. */
function rigsOf(records: readonly TrialRecord[]): string {
  const rigs = records.map(({ point: { memoryBytes = null, servers } }) => JSON.stringify([memoryBytes, servers]));
  return [...new Set(rigs)].sort().join();
}

/** Where some sweeps have both sides, only those: they were measured within seconds of each other. */
function together(
  first: readonly TrialRecord[],
  second: readonly TrialRecord[],
): [readonly TrialRecord[], readonly TrialRecord[]] {
  const others = new Set(second.map(({ sweepId }) => sweepId));
  const sweeps = new Set(first.flatMap(({ sweepId }) => (others.has(sweepId) ? sweepId : [])));
  if (sweeps.size === 0) return [first, second];
  const inBoth = ({ sweepId }: TrialRecord) => sweeps.has(sweepId);
  return [first.filter(inBoth), second.filter(inBoth)];
}

/** Trials that share this differ in proxy and servers only. */
export function settingOf(record: TrialRecord): string {
  const { loadTool, limiter, cpu, memoryBytes = null, concurrency } = record.point;
  return JSON.stringify([loadTool, limiter, cpu, memoryBytes, concurrency, scenarioKey(record)]);
}

function times(ratio: number): string {
  return ratio.toPrecision(3);
}
