import type { TrialRecord } from "../../src/core/domain/record.ts";
import { geometricMean } from "../../src/core/statistics/index.ts";
import { bandsOf } from "../../src/core/statistics/trials/bands.ts";
import { atReferenceSpeed } from "../../src/core/statistics/trials/referenceSpeed.ts";
import { inTime } from "../../src/core/statistics/trials/repeated.ts";

/** Half-width of some intervals together, as a logarithm: the one that would take as many runs in all. */
export function commonHalfWidth(halves: readonly number[]): number {
  return Math.sqrt(geometricMean(halves.map((half) => half ** 2)));
}

/** The same of the bands of a sweep so far; `undefined` while a level has none. */
export function bandHalfWidth(
  records: readonly TrialRecord[],
  levels: number,
  which: "own" | "smooth",
): number | undefined {
  const bands = bandsOf(atReferenceSpeed(records));
  if (bands.length < levels) return undefined;
  return commonHalfWidth(bands.map((band) => Math.log(band[which].high / band[which].low) / 2));
}

/**
 * Seconds from the start of a sweep until its bands were first as narrow as asked. Where they never were, what it would
 * have taken: an interval half as wide takes four times the visits.
 */
export function secondsUntilNarrow(
  records: readonly TrialRecord[],
  startMs: number,
  levels: number,
  halfWidth: number,
  which: "own" | "smooth",
): number {
  const sorted = inTime(records);
  const endOf = (count: number) => {
    const { startedAt, timing } = sorted[count - 1]!;
    return (Date.parse(startedAt) - startMs) / 1000 + (timing?.total ?? 0);
  };
  // Bands are judged when a round is finished, as the lab does.
  for (let count = levels; count <= sorted.length; count += levels) {
    const half = bandHalfWidth(sorted.slice(0, count), levels, which);
    if (half !== undefined && half <= halfWidth) return endOf(count);
  }
  const reached = bandHalfWidth(sorted, levels, which) ?? Number.NaN;
  return endOf(sorted.length) * Math.max(1, reached / halfWidth) ** 2;
}
