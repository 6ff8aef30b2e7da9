import type { Figure } from "../../domain/figures.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { usualConfidence } from "../index.ts";
import { type Comparison, compare } from "./compare.ts";
import { spreadOf } from "./repeated.ts";

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

/** What a proxy has to be restarted for. */
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
