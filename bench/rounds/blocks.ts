import type { TrialRecord } from "../../src/core/domain/record.ts";
import { type Comparison, compare } from "../../src/core/statistics/sides/compare.ts";
import { atReferenceSpeed } from "../../src/core/statistics/trials/referenceSpeed.ts";
import { roundsOf } from "./recording.ts";
import { secondsOf } from "./report.ts";

/** Two proxies that were visited in the same rounds. */
export interface Sides {
  readonly first: string;
  readonly second: string;
}

/** A round of two sides: their visits at all limits. */
type Round = readonly TrialRecord[];

/** Neighbouring rounds that are drawn together, so that what they have in common stays. */
const stretch = 5;
const nominalStart = Date.parse("2026-01-01T00:00:00.000Z");

/** The rounds of two sides among those of more. */
export function roundsOfSides(visits: readonly TrialRecord[], { first, second }: Sides): Round[] {
  return roundsOf(visits.filter(({ point: { proxy } }) => proxy === first || proxy === second));
}

/** Rounds that follow one another, cut into pieces in which both sides together were measured so long. */
export function blocksOf(rounds: readonly Round[], seconds: number): TrialRecord[][] {
  const blocks: TrialRecord[][] = [];
  let block: TrialRecord[] = [];
  for (const round of rounds) {
    block.push(...round);
    if (secondsOf(block) < seconds) continue;
    blocks.push(block);
    block = [];
  }
  return blocks;
}

/**
 * A block put together of stretches of rounds that are drawn by chance, each as often as it comes, until both sides were
 * measured so long. `even`: the sides change places in each round by chance, which makes them equals whatever they are.
 * Source: H. Künsch, The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17 (1989).
 */
export function drawnBlock(rounds: readonly Round[], seconds: number, draw: () => number, even?: Sides): TrialRecord[] {
  const drawn: TrialRecord[] = [];
  for (let replicate = 0; secondsOf(drawn) < seconds; ) {
    const from = Math.floor(draw() * Math.max(1, rounds.length - stretch + 1));
    for (const round of rounds.slice(from, from + stretch)) {
      const swap = even !== undefined && draw() < 0.5;
      drawn.push(...round.map((visit) => placed(swap ? swapped(visit, even) : visit, replicate, drawn.length)));
      replicate++;
    }
  }
  return drawn;
}

/** The visit as one of another round. */
function placed(visit: TrialRecord, replicate: number, at: number): TrialRecord {
  const startedAt = new Date(nominalStart + at * 1000 + visit.sequence).toISOString();
  return { ...visit, replicate, startedAt };
}

function swapped(visit: TrialRecord, { first, second }: Sides): TrialRecord {
  return { ...visit, point: { ...visit.point, proxy: visit.point.proxy === first ? second : first } };
}

/** Visits as if one proxy had served so many times as much. */
export function scaled(visits: readonly TrialRecord[], proxy: string, factor: number): TrialRecord[] {
  return visits.map((visit) => {
    if (visit.point.proxy !== proxy) return visit;
    const { result, usage } = visit;
    const { requestsPerSecond, completedRequests } = result!;
    const cost = usage?.cpuMicrosPerRequest;
    return {
      ...visit,
      result: {
        ...result!,
        requestsPerSecond: requestsPerSecond * factor,
        completedRequests: completedRequests * factor,
      },
      ...(cost && { usage: { ...usage, cpuMicrosPerRequest: cost / factor } }),
    };
  });
}

/** What the lab says of the sides. */
export function compared(visits: readonly TrialRecord[], { first, second }: Sides, raw = false): Comparison {
  const records = raw ? visits : atReferenceSpeed(visits);
  const of = (proxy: string) => records.filter(({ point }) => point.proxy === proxy);
  return compare(
    of(first),
    of(second),
    ({ result }) => result?.requestsPerSecond,
    ({ point }) => String(point.cpu),
  );
}
