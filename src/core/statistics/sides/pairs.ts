import type { Reading } from "../../domain/figures.ts";
import { isBelieved, type TrialRecord } from "../../domain/record.ts";
import { geometricMean, mean } from "../index.ts";
import type { LogSample } from "../logMean.ts";

/** Two groups of trials that are compared. */
export type Sides = readonly [readonly TrialRecord[], readonly TrialRecord[]];

/** The two sides at one setting: the same levels of everything that is not compared. */
export interface Pairing {
  /** A trial of the first side, for its levels. */
  readonly trial: TrialRecord;
  /** Geometric mean of the runs of each side. */
  readonly first: number;
  readonly second: number;
  /** second / first. */
  readonly ratio: number;
}

/** What both sides were measured at. */
export interface PairedSides {
  readonly pairings: readonly Pairing[];
  /** Log-ratios of pairs of runs. */
  readonly samples: readonly LogSample[];
  /** Most pairs of a setting, and the time that all of both sides took, in seconds; 0 where nothing tells. */
  readonly runs: number;
  readonly seconds: number;
}

/** Runs of both sides with the same setting and replicate. */
export function pairsOf(sides: Sides, figure: Reading, settingOf: (record: TrialRecord) => string): PairedSides {
  const [ones, others] = sides.map((side) => Map.groupBy(runsOf(side, figure), ({ trial }) => settingOf(trial)));
  const settings = [...ones!].flatMap(([setting, first]) => {
    const second = others!.get(setting);
    return second ? [{ pairing: pairingOf(first, second), samples: samplesOf(setting, first, second) }] : [];
  });
  return {
    pairings: settings.map(({ pairing }) => pairing),
    samples: settings.flatMap(({ samples }) => samples),
    runs: Math.max(0, ...settings.map(({ samples }) => samples.length)),
    seconds: sides.flat().reduce((sum, { timing }) => sum + (timing?.total ?? 0), 0),
  };
}

interface Run {
  readonly trial: TrialRecord;
  readonly value: number;
}

/** Trials that count, with a positive figure. */
export function runsOf(records: readonly TrialRecord[], figure: Reading): Run[] {
  return records.flatMap((trial) => {
    const value = isBelieved(trial) ? figure(trial) : undefined;
    return value !== undefined && value > 0 ? [{ trial, value }] : [];
  });
}

function pairingOf(runs: readonly Run[], matching: readonly Run[]): Pairing {
  const [first, second] = [runs, matching].map((side) => geometricMean(side.map(({ value }) => value))) as [
    number,
    number,
  ];
  return { trial: runs[0]!.trial, first, second, ratio: second / first };
}

/** By replicate where both sides have it, else the log-ratio of the means. */
function samplesOf(setting: string, first: readonly Run[], second: readonly Run[]): LogSample[] {
  const partners = new Map(second.toReversed().map(({ trial, value }) => [trial.replicate, value]));
  const paired = first.flatMap(({ trial: { replicate: round }, value }) => {
    const partner = partners.get(round);
    return partner === undefined ? [] : [{ setting, round, log: Math.log(partner / value) }];
  });
  if (paired.length > 0) return paired;
  const [one, other] = [first, second].map((side) => mean(side.map(({ value }) => Math.log(value))));
  return [{ setting, round: 0, log: other! - one! }];
}
