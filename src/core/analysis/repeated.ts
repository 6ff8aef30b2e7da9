import type { TrialRecord } from "../records/record.ts";
import { geometricMean, type Interval, logInterval, pooledSpread, type Spread } from "../statistics/index.ts";

/** Reads a figure of a trial; `undefined` where it was not measured. */
export type Figure = (record: TrialRecord) => number | undefined;

/** With fewer an interval would be so wide that it says nothing. */
const fewestDegrees = 2;

/** What must be the same for two trials to be runs of one configuration. */
export function configurationKey({ point, scenario }: TrialRecord): string {
  return JSON.stringify([sorted(point), sorted(scenario)]);
}

/** Positive figures of the completed trials of each configuration, in order of time. */
export function figuresByConfiguration(records: readonly TrialRecord[], figure: Figure): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const record of records.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))) {
    const value = record.status === "completed" ? figure(record) : undefined;
    if (value === undefined || !(value > 0)) continue;
    const key = configurationKey(record);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}

/**
 * How much runs of one configuration differ in a figure, pooled over all that were repeated; `undefined` where too few
 * were. What one run says of itself is no substitute: it does not see what changes between runs.
 * Source: T. Kalibera and R. Jones, Rigorous benchmarking in reasonable time, ISMM 2013.
 */
export function spreadOf(records: readonly TrialRecord[], figure: Figure): Spread | undefined {
  const spread = pooledSpread([...figuresByConfiguration(records, figure).values()]);
  return spread && spread.degreesOfFreedom >= fewestDegrees ? spread : undefined;
}

/** The figure of a configuration from its runs, by a spread that may come from other configurations as well. */
export function intervalOf(values: readonly number[], spread: Spread): Interval {
  return logInterval(geometricMean(values), values.length, spread);
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
