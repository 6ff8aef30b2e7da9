import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import { servesOffered } from "../../domain/verdicts.ts";
import { mean } from "../index.ts";
import { configurationKey } from "./repeated.ts";

/** From this share of throttled periods on it is the quota that decides how much CPU the proxy gets. */
const throttled = 0.9;

/** The same for runs of one configuration in one sweep. */
export function runsKey(record: TrialRecord): string {
  return `${record.sweepId} ${configurationKey(record)}`;
}

/**
 * Configurations whose rate the CPU of the proxy holds down, by key (those of each sweep apart unless told), with their
 * completed trials: most of these are proxy-bound. Open loops that got their rate were held down by nothing. A single verdict would not do: in a short window the proxy may have used less than its share only because a period of
 * its quota began late.
 */
export function heldByCpu(
  records: readonly TrialRecord[],
  keyOf: (record: TrialRecord) => string = runsKey,
): Map<string, readonly TrialRecord[]> {
  const completed = records.filter((record) => isBelieved(record) && record.result && !servesOffered(record.result));
  const held = [...Map.groupBy(completed, keyOf)].filter(([, runs]) => {
    return 2 * runs.filter(({ verdict }) => verdict?.bound === "proxy-bound").length > runs.length;
  });
  return new Map(held);
}

/**
 * CPU in cores that each configuration gets when no period of its quota is cut by a window, from trials whose requests
 * the lab counted in the window. Where the quota throttles the proxy it is the limit, which is kept to half a percent:
 * the mean of a configuration's few windows would still hold the phase of their periods. Elsewhere nothing cuts periods short,
 * and it is that mean.
 */
export function achievedCpu(held: ReadonlyMap<string, readonly TrialRecord[]>): Map<string, number> {
  const counted = [...held].map(([key, runs]) => [key, runs.filter(isCounted)] as const);
  return new Map(
    counted.flatMap(([key, runs]) => {
      if (runs.length === 0) return [];
      if (isThrottled(runs)) return [[key, mean(runs.map(limitOf))] as const];
      const seconds = mean(runs.map(({ result }) => result!.durationSeconds));
      return [[key, mean(runs.map(({ usage }) => usage!.cpuSeconds!)) / seconds] as const];
    }),
  );
}

/** Requests and CPU time are of the same window. */
export function isCounted({ result, usage }: TrialRecord): boolean {
  return result?.countedBy === "origins" && result.completedRequests > 0 && (usage?.cpuSeconds ?? 0) > 0;
}

function isThrottled(runs: readonly TrialRecord[]): boolean {
  return mean(runs.map(({ usage }) => usage?.throttledShare ?? 0)) >= throttled;
}

function limitOf({ limitsInForce, point }: TrialRecord): number {
  return limitsInForce?.cpu ?? point.cpu;
}
