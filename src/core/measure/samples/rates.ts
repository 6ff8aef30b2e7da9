/** A counter at one moment. */
export interface Count {
  readonly atSeconds: number;
  readonly served?: number | undefined;
}

/** Five quota periods: short enough to see a change, long enough not to see the periods themselves. */
export const bucketSeconds = 0.5;

/** Requests/s in parts of `bucketSeconds` from the first sample to the last whole part; reads between samples in proportion. */
export function ratesOf(samples: readonly Count[]): number[] {
  const counts = samples.flatMap(({ atSeconds, served }) => (served === undefined ? [] : [{ atSeconds, served }]));
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last) return [];
  const whole = Math.floor((last.atSeconds - first.atSeconds) / bucketSeconds + 1e-9);
  const marks = Array.from({ length: whole + 1 }, (_, index) =>
    countAt(counts, first.atSeconds + index * bucketSeconds),
  );
  return marks.slice(1).map((count, index) => (count - marks[index]!) / bucketSeconds);
}

function countAt(counts: readonly { atSeconds: number; served: number }[], atSeconds: number): number {
  const after = counts.findIndex((count) => count.atSeconds >= atSeconds);
  const [left, right] = [counts[Math.max(0, after - 1)]!, counts[after] ?? counts.at(-1)!];
  if (right.atSeconds <= left.atSeconds) return right.served;
  const share = Math.min(1, (atSeconds - left.atSeconds) / (right.atSeconds - left.atSeconds));
  return left.served + share * (right.served - left.served);
}
