import type { TrialRecord } from "../../domain/record.ts";
import { mean, type Pairs } from "../index.ts";
import { distance, type Tilt } from "../machineSpeed.ts";
import { robustSlope } from "../robustSlope.ts";
import { achievedCpu, heldByCpu, isCounted, runsKey } from "./achieved.ts";
import { probedSpeeds } from "./probeReadings.ts";

/** What speed probes say of some trials of one machine: how fast it was, and how much each proxy depends on it. */
export interface ReferenceSpeed {
  /** Geometric mean of the probe's time over the trials, as at 0.3 CPU, in microseconds. */
  readonly probeMicros: number;
  /** How the probe's time depends on the limit; absent: as the trials that are put at this speed say. */
  readonly tilt?: Tilt;
  readonly proxies: ReadonlyMap<string, SpeedSlope>;
}

/** How the CPU time of a proxy's requests follows the probe's time: d log / d log. */
export interface SpeedSlope {
  readonly slope: number;
  readonly slopeError: number;
  /** Share of the variance between runs that the probe explains; absent where too little was repeated to know. */
  readonly explained?: number;
  /** False where the evidence says that correcting does not help: figures stay as they were measured. */
  readonly used: boolean;
}

/** Slopes that were found in two sweeps: haproxy 0.9 to 1.1, traefik 1.4 to 2.2, squid 1.8 to 2.3, mitmproxy 2.2. */
const slopeBefore = { mean: 1.7, deviation: 0.55 };
/** A probe that explains less of the variance is not worth the error that correcting adds. */
const leastExplained = 0.05;
/** From so many degrees of freedom on the evidence may say that correcting does not help. */
const degreesToDecide = 6;

/**
 * The geometric mean of the probe's time over the trials, at which correcting leaves their mean rate where it is, and for each proxy the slope of its CPU time per request over that
 * time, both logarithms, within the runs of each configuration that its CPU holds down; see `robustSlope`. It is not
 * used where the variance of those runs would be larger with it. `undefined` where no trial has a reading.
 */
export function referenceSpeedOf(records: readonly TrialRecord[]): ReferenceSpeed | undefined {
  const { tilt, logs: speeds } = probedSpeeds(records);
  if (speeds.size === 0) return undefined;
  const groups = [...heldByCpu(records).values()].map((runs) =>
    runs.filter((run) => speeds.has(run) && costOf(run) > 0),
  );
  const proxies = Map.groupBy(
    groups.filter((runs) => runs.length > 0),
    ([first]) => first!.point.proxy,
  );
  const slopes = [...proxies].map(
    ([proxy, own]) => [proxy, slopeOf(own.map((runs) => pairsOf(runs, speeds)))] as const,
  );
  return { probeMicros: Math.exp(mean([...speeds.values()])), tilt, proxies: new Map(slopes) };
}

/**
 * Copies of trials with figures as they would be at a reference speed, that of their own mean unless given. Give all
 * trials of a sweep together. Where the proxy's CPU holds a configuration down, the rate is that of its CPU time per
 * request at the reference speed and of the CPU that the configuration gets (`achievedCpu`): dividing by the CPU time takes
 * the phase of the quota's periods out. Without a count in the window it is the measured rate, corrected by the speed alone. In a closed loop
 * the mean latency follows the rate by Little's law. All other rates stay as they are: nothing says that the
 * proxy's core held them. The CPU time per request is corrected in all.
 */
export function atReferenceSpeed(
  records: readonly TrialRecord[],
  reference: ReferenceSpeed | undefined = referenceSpeedOf(records),
): readonly TrialRecord[] {
  if (!reference) return records;
  const { tilt, logs: speeds } = probedSpeeds(records, reference.tilt);
  const held = heldByCpu(records);
  const cpu = achievedCpu(held);
  return records.map((record) => {
    const [speed, slope] = [speeds.get(record), reference.proxies.get(record.point.proxy)];
    if (speed === undefined || !slope || !record.result || record.correction) return record;
    if (!slope.used) return leftAsMeasured(record, speed, reference);
    const logProbe = speed - Math.log(reference.probeMicros);
    const gain = Math.exp(slope.slope * logProbe);
    const key = runsKey(record);
    const rate = held.has(key) ? rateAt(record, gain, cpu.get(key)) : record.result.requestsPerSecond;
    const levelShift = -slope.slope * tilt.error * distance(record.point.cpu);
    const { probeMicros } = reference;
    return corrected(record, rate, gain, {
      probeMicros,
      logProbe,
      slope: slope.slope,
      slopeError: slope.slopeError,
      levelShift,
    });
  });
}

/** Whether the rate of a trial was put at a reference speed; the CPU time per request of others may still have been. */
export function isAtReferenceSpeed({ correction, result }: TrialRecord): boolean {
  return correction !== undefined && result?.requestsPerSecond !== correction.requestsPerSecond;
}

/** With a slope of 0, which says that the probe does not help. */
function leftAsMeasured(record: TrialRecord, speed: number, { probeMicros }: ReferenceSpeed): TrialRecord {
  const { requestsPerSecond } = record.result!;
  const logProbe = speed - Math.log(probeMicros);
  return { ...record, correction: { probeMicros, logProbe, slope: 0, slopeError: 0, requestsPerSecond } };
}

function slopeOf(groups: readonly Pairs[]): SpeedSlope {
  const { slope, error, explained, degreesOfFreedom } = robustSlope(groups, slopeBefore);
  const decided = explained !== undefined && degreesOfFreedom >= degreesToDecide;
  return { slope, slopeError: error, ...(decided && { explained }), used: !decided || explained > leastExplained };
}

function pairsOf(runs: readonly TrialRecord[], speeds: ReadonlyMap<TrialRecord, number>): Pairs {
  return { x: runs.map((run) => speeds.get(run)!), y: runs.map((run) => Math.log(costOf(run))) };
}

/** CPU time per request in any unit; 0 where it is not known. */
function costOf(record: TrialRecord): number {
  const { result, usage } = record;
  return isCounted(record) ? usage!.cpuSeconds! / result!.completedRequests : (usage?.cpuMicrosPerRequest ?? 0) / 1e6;
}

function rateAt(record: TrialRecord, gain: number, cpu: number | undefined): number {
  const { completedRequests, requestsPerSecond } = record.result!;
  if (cpu === undefined || !isCounted(record)) return requestsPerSecond * gain;
  return (completedRequests / record.usage!.cpuSeconds!) * cpu * gain;
}

function corrected(
  record: TrialRecord,
  requestsPerSecond: number,
  gain: number,
  how: Omit<NonNullable<TrialRecord["correction"]>, "requestsPerSecond">,
): TrialRecord {
  const result = record.result!;
  const { mean } = result.latencyMs;
  const scale = result.loop === "closed" && requestsPerSecond > 0 ? result.requestsPerSecond / requestsPerSecond : 1;
  const latencyMs = { ...result.latencyMs, ...(mean !== undefined && { mean: mean * scale }) };
  const cost = record.usage?.cpuMicrosPerRequest;
  return {
    ...record,
    result: { ...result, requestsPerSecond, latencyMs },
    ...(record.usage && {
      usage: { ...record.usage, ...(cost !== undefined && { cpuMicrosPerRequest: cost / gain }) },
    }),
    correction: { ...how, requestsPerSecond: result.requestsPerSecond },
  };
}
