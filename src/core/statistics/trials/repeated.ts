import type { Reading } from "../../domain/figures.ts";
import { optionsKey } from "../../domain/pluginOptions.ts";
import { fixedKey } from "../../domain/point.ts";
import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import { geometricMean, type Interval, logInterval, pooledSpread, type Spread } from "../index.ts";

/** With fewer an interval would be so wide that it says nothing. */
const fewestDegrees = 2;

/** What must be the same for two trials to be runs of one configuration. */
export function configurationKey({ point, scenario, options }: TrialRecord): string {
  return `${fixedKey(point)} ${fixedKey(scenario)} ${optionsKey(options)}`;
}

/** Positive figures of each configuration's trials that count, in order of time. */
export function figuresByConfiguration(records: readonly TrialRecord[], figure: Reading): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const record of inTime(records)) {
    const value = isBelieved(record) ? figure(record) : undefined;
    if (value === undefined || !(value > 0)) continue;
    const key = configurationKey(record);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/** Records in order of time; they mostly are already, and then are not sorted again. */
export function inTime(records: readonly TrialRecord[]): readonly TrialRecord[] {
  const sorted = records.every((record, at) => at === 0 || records[at - 1]!.startedAt <= record.startedAt);
  return sorted ? records : records.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/**
 * How much runs of one configuration differ in a figure, pooled over all that were repeated; `undefined` where too few
 * were. What one run says of itself is no substitute: it does not see what changes between runs.
 * Source: T. Kalibera and R. Jones, Rigorous benchmarking in reasonable time, ISMM 2013.
 */
export function spreadOf(records: readonly TrialRecord[], figure: Reading): Spread | undefined {
  const spread = pooledSpread([...figuresByConfiguration(records, figure).values()]);
  return spread && spread.degreesOfFreedom >= fewestDegrees ? spread : undefined;
}

/** The figure of a configuration from its runs, by a spread that may come from other configurations as well. */
export function intervalOf(values: readonly number[], spread: Spread): Interval {
  return logInterval(geometricMean(values), values.length, spread);
}
