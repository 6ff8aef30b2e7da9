import type { Point } from "../domain/point.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { gridPoints } from "./grid.ts";
import type { Queue } from "./plan.ts";

/** What a proxy must still do under a memory limit to count as holding the load. */
const mostFailed = 0.01;
const leastOfRate = 0.8;
/** The search ends when the limit that holds is at most this many times the one that does not. */
const closeEnough = 1.1;
/** Where no limit is known that is too small. */
const smallestBytes = 2 * 2 ** 20;
/** Where nothing is known of what the proxy takes. */
const usualBytes = 64 * 2 ** 20;
/** A limit that held once is tried again before it is believed. */
const timesToHold = 2;
const mostTrials = 24;
const pageBytes = 4096;

/** What is known of the least memory that a proxy needs. */
export interface Floor {
  /** Trial without a memory limit, for its rate and peak; absent until it is done. */
  readonly reference?: TrialRecord;
  /** Smallest limit that held, and largest below it that did not. */
  readonly holdsBytes?: number;
  readonly failsBytes?: number;
  /** The trial at `failsBytes`. */
  readonly failure?: TrialRecord;
}

/** Did the proxy serve the load under its memory limit, as it does without one? */
export function holds(record: TrialRecord, reference: TrialRecord): boolean {
  const { result, usage } = record;
  if (record.status !== "completed" || !result || (usage?.oomKills ?? 0) > 0) return false;
  const sent = result.completedRequests + result.failedRequests;
  return result.failedRequests <= mostFailed * sent && !isSlowForMemory(record, reference);
}

/** A lower rate is the limit's doing only where the proxy reached it. */
export function isSlowForMemory({ result, usage }: TrialRecord, reference: TrialRecord): boolean {
  const [rate = 0, usual = 0] = [result?.requestsPerSecond, reference.result?.requestsPerSecond];
  return usage?.memoryLimitHits !== 0 && rate < leastOfRate * usual;
}

/** What the trials of a search have shown. */
export function floorOf(records: readonly TrialRecord[]): Floor {
  const reference = records.find(({ point }) => point.memoryBytes === undefined);
  if (!reference) return {};
  const limited = records.filter(({ point }) => point.memoryBytes !== undefined);
  const failed = limited.filter((record) => !holds(record, reference));
  const failure = failed.toSorted((a, b) => limitOf(a) - limitOf(b)).at(-1);
  const held = limited.filter((record) => limitOf(record) > limitOf(failure)).map(limitOf);
  return {
    reference,
    ...(held.length > 0 ? { holdsBytes: Math.min(...held) } : {}),
    ...(failure ? { failsBytes: limitOf(failure), failure } : {}),
  };
}

/**
 * Searches by bisection, on a log scale, for the least memory under which a proxy starts and holds the load. The limits
 * follow from the records alone, so that an interrupted search can go on. `earlier`: what it had recorded by then.
 */
export function floorQueue(spec: SweepSpec, earlier: readonly TrialRecord[] = []): Queue {
  const [start] = gridPoints({ ...spec, memoryBytes: [] });
  let known = earlier;
  let begun = 0;
  return {
    next(records) {
      known = [...records]; // the caller's grows
      const point = nextPoint(start!, records);
      begun = point ? 1 : 0;
      if (!point) return undefined;
      const replicate = records.filter((record) => record.point.memoryBytes === point.memoryBytes).length;
      return { sequence: records.length, replicate, point };
    },
    remaining() {
      const trials = Math.max(0, trialsLeft(known) - begun);
      return { trials, starts: trials };
    },
    needs: () => false,
  };
}

function nextPoint(start: Point, records: readonly TrialRecord[]): Point | undefined {
  const { reference, holdsBytes, failsBytes = smallestBytes } = floorOf(records);
  if (!reference) return start;
  if (reference.status !== "completed" || records.length >= mostTrials) return undefined;
  const memoryBytes = holdsBytes === undefined ? firstGuess(reference, failsBytes) : between(failsBytes, holdsBytes);
  if (holdsBytes === undefined || holdsBytes > closeEnough * failsBytes) return { ...start, memoryBytes };
  const times = records.filter(({ point }) => point.memoryBytes === holdsBytes).length;
  return times < timesToHold ? { ...start, memoryBytes: holdsBytes } : undefined;
}

/** What it used without a limit; more, where that was not enough. */
function firstGuess({ usage }: TrialRecord, failsBytes: number): number {
  return wholePages(Math.max(usage?.memoryPeakBytes ?? usualBytes, 2 * failsBytes));
}

function between(low: number, high: number): number {
  return wholePages(Math.sqrt(low * high));
}

function wholePages(bytes: number): number {
  return Math.ceil(bytes / pageBytes) * pageBytes;
}

/** An estimate: halving the range until it is small, and the last limit once more. */
function trialsLeft(records: readonly TrialRecord[]): number {
  const { reference, failsBytes = smallestBytes, holdsBytes = Math.max(usualBytes, 2 * failsBytes) } = floorOf(records);
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.log(holdsBytes / failsBytes) / Math.log(closeEnough))));
  return (reference ? 0 : 2) + halvings + timesToHold - 1;
}

function limitOf(record: TrialRecord | undefined): number {
  return record?.point.memoryBytes ?? 0;
}
