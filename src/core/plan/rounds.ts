import { fixedKey, type Point } from "../domain/point.ts";
import type { TrialRecord } from "../domain/record.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { type Band, widestOf } from "../domain/summary.ts";
import { random } from "../statistics/random.ts";
import { bandsOf } from "../statistics/trials/bands.ts";
import { atReferenceSpeed } from "../statistics/trials/referenceSpeed.ts";
import type { RemainingWork } from "./eta.ts";
import { batches, mostRigs, type PlannedTrial, pointsOf, type Queue, type Round, rigKey, takingTurns } from "./plan.ts";

/** One visit says nothing of how much visits differ. */
const leastRounds = 2;
/** A precision that is not reached by then takes another machine, or more time than a sweep should. */
export const mostRounds = 40;
/** What the usual precision takes, until the visits themselves say more. */
const usualRounds = 5;
/** Something else than the proxy's CPU that has held a configuration down for so long will go on doing so. */
const roundsToBelieve = 4;
/** A configuration that failed so often in succession is not visited any more. */
const failuresToGiveUp = 2;

/**
 * Visits every point in every round, in random order, proxies taking turns at each level, for as many rounds as it takes
 * until the band of every configuration is narrow enough; those that are narrow enough earlier are left out of further
 * rounds. A sweep starts the proxies of each round anew. Points whose proxies cannot all run side by side are measured batch by batch. What comes next follows from the
 * records and the seed alone, so that an interrupted sweep can go on.
 */
export class RoundsQueue implements Queue {
  readonly #spec: SweepSpec;
  readonly #batches: readonly (readonly Point[])[];
  #records: readonly TrialRecord[] = [];
  #visits: ReadonlyMap<string, readonly TrialRecord[]> = new Map();
  #current = 0;
  #handedOut = 0;
  #running: { readonly round: number; readonly rigs: ReadonlySet<string> } = { round: 0, rigs: new Set() };
  #rounds = 0;
  /** As of the last round that was finished. */
  #bands: ReadonlyMap<string, Band> | undefined;

  constructor(spec: SweepSpec, earlier: readonly TrialRecord[]) {
    this.#spec = spec;
    this.#heed(earlier);
    this.#handedOut = earlier.length;
    this.#batches = sideBySide(batches(pointsOf(spec), random(spec.seed)));
  }

  next(records: readonly TrialRecord[]): PlannedTrial | undefined {
    this.#heed(records);
    for (; this.#current < this.#batches.length; this.#current++, this.#rounds = 0) {
      const point = this.#nextOf(this.#current);
      if (!point) continue;
      this.#handedOut = records.length + 1;
      const replicate = this.#visitsOf(point).length;
      const rigs = this.#running.round === replicate ? this.#running.rigs : [];
      this.#running = { round: replicate, rigs: new Set([...rigs, rigKey(point)]) };
      return { sequence: records.length, replicate, point };
    }
    return undefined;
  }

  /** What is known when the last record has finished a round; else `undefined`. */
  round(records: readonly TrialRecord[]): Round | undefined {
    this.#heed(records);
    const points = this.#batches[this.#current] ?? [];
    const open = points.filter((point) => this.#isOpen(point));
    const least = Math.min(...(open.length > 0 ? open : points).map((point) => this.#visitsOf(point).length));
    if (least <= this.#rounds) return undefined;
    this.#rounds = least;
    const bands = this.#judge();
    const widest = widestOf(points.flatMap((point) => this.#bands!.get(fixedKey(point)) ?? []));
    const { precision, rounds } = this.#spec;
    return {
      round: least,
      bands,
      ...(widest && { halfWidth: widest.halfWidth }),
      ...(rounds === undefined && precision !== undefined && { wantedHalfWidth: precision }),
    };
  }

  remaining(): RemainingWork {
    const left = this.#batches.slice(this.#current).flatMap((points) => points.map((point) => this.#visitsLeft(point)));
    const underWay = this.#handedOut - this.#records.length;
    return {
      trials: Math.max(0, left.reduce((sum, visits) => sum + visits, 0) - underWay),
      starts: this.#batches.slice(this.#current).reduce((sum, points) => sum + this.#startsLeft(points), 0),
    };
  }

  /** Each round starts its proxies; those that a point of the round under way has been handed out for are running. */
  #startsLeft(points: readonly Point[]): number {
    const { round, rigs } = this.#running;
    const starts = [...Map.groupBy(points, rigKey)].map(([rig, own]) => {
      const isVisitedOnIt = (point: Point) => rigs.has(rig) && this.#visitsOf(point).length === round;
      return Math.max(...own.map((point) => this.#visitsLeft(point) - (isVisitedOnIt(point) ? 1 : 0)));
    });
    return starts.reduce((sum, one) => sum + Math.max(0, one), 0);
  }

  needs(rig: string): boolean {
    return this.#batches[this.#current]?.some((point) => rigKey(point) === rig) ?? false;
  }

  #nextOf(batch: number): Point | undefined {
    if (this.#bands === undefined && this.#records.length > 0) this.#judge();
    const points = this.#batches[batch]!;
    const open = points.filter((point) => this.#isOpen(point));
    const round = Math.min(...open.map((point) => this.#visitsOf(point).length));
    const order = takingTurns(points, random(this.#spec.seed + 7919 * (batch + 1) + 104_729 * round));
    return order.find((point) => open.includes(point) && this.#visitsOf(point).length === round);
  }

  #isOpen(point: Point): boolean {
    return this.#visitsLeft(point) > 0;
  }

  /** As far as it is known. */
  #visitsLeft(point: Point): number {
    const visits = this.#visitsOf(point);
    const { rounds, precision = 0 } = this.#spec;
    if (visits.length >= failuresToGiveUp && visits.slice(-failuresToGiveUp).every(({ status }) => status === "failed"))
      return 0;
    if (rounds !== undefined) return Math.max(0, rounds - visits.length);
    const band = this.#bands?.get(fixedKey(point));
    if (!band || visits.length < leastRounds) return Math.max(leastRounds, usualRounds) - visits.length;
    if (band.halfWidth <= precision || (!band.held && visits.length >= roundsToBelieve)) return 0;
    // An interval half as wide takes four times the visits.
    const wanted = Math.ceil(band.runs * (band.halfWidth / precision) ** 2);
    return Math.max(0, Math.min(mostRounds, Math.max(wanted, visits.length + 1)) - visits.length);
  }

  #judge(): Band[] {
    const bands = bandsOf(atReferenceSpeed(this.#records));
    this.#bands = new Map(bands.map((band) => [fixedKey(band.point), band]));
    return bands;
  }

  #heed(records: readonly TrialRecord[]): void {
    this.#records = records;
    this.#visits = Map.groupBy(records, ({ point }) => fixedKey(point));
  }

  #visitsOf(point: Point): readonly TrialRecord[] {
    return this.#visits.get(fixedKey(point)) ?? [];
  }
}

/** Puts batches together whose proxies can run side by side, so that as much as possible is measured in turns. */
function sideBySide(all: readonly (readonly Point[])[]): Point[][] {
  const together: Point[][] = [];
  for (const points of all) {
    const joined = [...(together.at(-1) ?? []), ...points];
    if (together.length > 0 && new Set(joined.map(rigKey)).size <= mostRigs) together[together.length - 1] = joined;
    else together.push([...points]);
  }
  return together;
}
