import type { TrialRecord } from "../../domain/record.ts";
import { geometricMean } from "../index.ts";
import { atReferenceSpeed, type ReferenceSpeed, referenceSpeedOf } from "./referenceSpeed.ts";

/** Which figures of trials are wanted. */
export interface FigureWish {
  /** As they were measured, not at the reference speed. */
  readonly raw?: boolean | undefined;
  /** Those of the trials themselves unless given. */
  readonly references?: References;
}

/** The reference speed of each machine. */
export type References = ReadonlyMap<string, ReferenceSpeed>;

/** How figures of trials stand to the speed of the machine. */
export interface SpeedBasis {
  readonly figures: "at reference speed" | "as measured";
  /** Trials with a reading of the speed probe. */
  readonly readings: number;
  /** Absent where trials are of several machines. */
  readonly machine?: string;
  /** The probe's time on it at the reference speed, or the geometric mean of all, in microseconds. */
  readonly probeMicros?: number;
  /** Figures are as measured since the probe explains too little of what runs differ by. */
  readonly unhelpful?: true;
  /** Of figures at reference speed. */
  readonly correction?: {
    /** Speed / reference speed - 1, and rate / rate as measured - 1, least and most. */
    readonly speeds: Range;
    readonly rates: Range;
    /** By how much the time of each proxy follows that of the probe, d log / d log; 0 where it explains too little to correct. */
    readonly slopes: readonly { readonly proxy: string; readonly slope: number; readonly slopeError: number }[];
  };
}

type Range = readonly [least: number, most: number];

/** The machine of a trial: the probes of two cannot be compared. */
export function machineOf({ environment: { cpuModel, cores } }: TrialRecord): string {
  return `${cpuModel}, ${cores} cores`;
}

/** The reference speeds of trials that are looked at together; none where no probe ran. */
export function referencesOf(records: readonly TrialRecord[]): References {
  const machines = [...Map.groupBy(records, machineOf)].map(
    ([machine, own]) => [machine, referenceSpeedOf(own)] as const,
  );
  return new Map(machines.flatMap(([machine, reference]) => (reference ? [[machine, reference] as const] : [])));
}

/** Trials as they are looked at together: each at the one reference speed of its machine, in the order given. */
export function speedCorrected(
  records: readonly TrialRecord[],
  { raw = false, references = referencesOf(records) }: FigureWish = {},
): readonly TrialRecord[] {
  if (raw || references.size === 0) return records;
  const corrected = new Map<TrialRecord, TrialRecord>();
  for (const [machine, own] of Map.groupBy(records, machineOf)) {
    const reference = references.get(machine);
    const found = reference ? atReferenceSpeed(own, reference) : own;
    own.forEach((record, place) => {
      corrected.set(record, found[place]!);
    });
  }
  return records.map((record) => corrected.get(record)!);
}

/** Trials at the speed that the figures of others are at; as they were measured where that is not known for their machine. */
export function atSpeedOf(others: SpeedBasis | undefined, records: readonly TrialRecord[]): readonly TrialRecord[] {
  const { machine, probeMicros, correction } = others ?? {};
  if (!correction || machine === undefined || probeMicros === undefined) return records;
  const slopes = correction.slopes.map(
    ({ proxy, ...slope }) => [proxy, { ...slope, used: slope.slope !== 0 }] as const,
  );
  return speedCorrected(records, { references: new Map([[machine, { probeMicros, proxies: new Map(slopes) }]]) });
}

/** What trials say of the speed that their figures are at; `undefined` where no probe ran. */
export function speedBasisOf(records: readonly TrialRecord[]): SpeedBasis | undefined {
  const read = records.filter(({ speed }) => speed);
  if (read.length === 0) return undefined;
  const corrected = read.filter(({ correction, result }) => correction && result);
  const [machine, ...others] = new Set(read.map(machineOf));
  const probe = ({ speed, correction }: TrialRecord) => (correction ?? speed!).probeMicros;
  const helpful = corrected.some(({ correction }) => correction!.slope !== 0);
  const known = corrected.length > 0 ? corrected : read;
  return {
    figures: helpful ? "at reference speed" : "as measured",
    readings: read.length,
    ...(machine !== undefined && others.length === 0 && { machine, probeMicros: geometricMean(known.map(probe)) }),
    ...(corrected.length > 0 && !helpful && { unhelpful: true }),
    ...(helpful && { correction: correctionOf(corrected) }),
  };
}

function correctionOf(records: readonly TrialRecord[]): NonNullable<SpeedBasis["correction"]> {
  const proxies = new Map(records.map(({ point, correction }) => [point.proxy, correction!]));
  return {
    speeds: rangeOf(records.map(({ correction }) => Math.exp(-correction!.logProbe) - 1)),
    rates: rangeOf(
      records.map(({ result, correction }) => result!.requestsPerSecond / correction!.requestsPerSecond - 1),
    ),
    slopes: [...proxies].map(([proxy, { slope, slopeError }]) => ({ proxy, slope, slopeError })),
  };
}

function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}
