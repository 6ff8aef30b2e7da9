import type { Reading } from "../../domain/figures.ts";
import { isVisit } from "../../domain/point.ts";
import type { TrialRecord } from "../../domain/record.ts";
import { logMean } from "../logMean.ts";
import { spreadOf } from "../trials/repeated.ts";
import { runsOf, type Sides } from "./pairs.ts";

/** Of each side the trials of sweeps that have both, if there are some: they were measured within seconds of each other. */
export function together([first, second]: Sides): Sides {
  const others = new Set(second.map(({ sweepId }) => sweepId));
  const both = new Set(first.map(({ sweepId }) => sweepId).filter((id) => others.has(id)));
  const inBoth = ({ sweepId }: TrialRecord) => both.has(sweepId);
  return both.size === 0 ? [first, second] : [first.filter(inBoth), second.filter(inBoth)];
}

/**
 * Whether two sides were not measured in turns. A sweep visits all of a round in turns as far as the proxies can run side
 * by side; with windows it measures proxies in turns, but all trials with one memory limit and number of servers
 * before those with another.
 */
export function areApart([first, second]: Sides): boolean {
  if (!sameSweeps([first, second])) return true;
  if ([...first, ...second].every(({ scenario }) => isVisit(scenario))) return !overlap(first, second);
  return rigsOf(first) !== rigsOf(second);
}

/**
 * What the log-ratio of sides that are apart varies by beyond their own noise: as if all of a side could be off by as much as a single
 * run, or where it was visited in rounds by as much as a single round. `undefined` where too few runs were repeated to know.
 */
export function varianceApart(
  sides: Sides,
  figure: Reading,
  settingOf: (record: TrialRecord) => string,
): number | undefined {
  const all = sameSweeps(sides) ? sides.flat() : undefined;
  const [one, other] = sides.map(
    (side) => varianceOfRound(side, figure, settingOf) ?? varianceOfRun(all ?? side, figure),
  );
  return one === undefined || other === undefined ? undefined : one + other;
}

function varianceOfRound(
  side: readonly TrialRecord[],
  figure: Reading,
  settingOf: (record: TrialRecord) => string,
): number | undefined {
  const samples = runsOf(
    side.filter(({ scenario }) => isVisit(scenario)),
    figure,
  ).map(({ trial, value }) => ({
    setting: settingOf(trial),
    round: trial.replicate,
    log: Math.log(value),
  }));
  const found = logMean(samples);
  return found?.byRounds && found.variance * (found.degreesOfFreedom + 1);
}

function varianceOfRun(records: readonly TrialRecord[], figure: Reading): number | undefined {
  const spread = spreadOf(records, figure);
  return spread && spread.logDeviation ** 2;
}

function sameSweeps(sides: Sides): boolean {
  const [one, other] = sides.map((side) => [...new Set(side.map(({ sweepId }) => sweepId))].sort().join());
  return one === other;
}

/** What a proxy has to be restarted for. */
function rigsOf(records: readonly TrialRecord[]): string {
  const rigs = records.map(({ point: { memoryBytes = null, servers } }) => JSON.stringify([memoryBytes, servers]));
  return [...new Set(rigs)].sort().join();
}

function overlap(first: readonly TrialRecord[], second: readonly TrialRecord[]): boolean {
  const [one, other] = [first, second].map((side) => side.map(({ startedAt }) => startedAt).sort());
  return one![0]! <= other!.at(-1)! && other![0]! <= one!.at(-1)!;
}
