/** A counter at one moment. */
export interface Count {
  readonly atSeconds: number;
  readonly served?: number | undefined;
}

/** Five quota periods: short enough to see a change, long enough not to see the periods themselves. */
export const bucketSeconds = 0.5;
/** Within less time a rate is mostly chance. */
const shortestStep = 0.1;

/** Requests/s in parts of `bucketSeconds` from the first sample to the last whole part; reads between samples in proportion. */
export function ratesOf(samples: readonly Count[]): number[] {
  const counts = countsOf(samples);
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last) return [];
  const whole = Math.floor((last.atSeconds - first.atSeconds) / bucketSeconds + 1e-9);
  const marks = Array.from({ length: whole + 1 }, (_, index) =>
    countAt(counts, first.atSeconds + index * bucketSeconds),
  );
  return marks.slice(1).map((count, index) => (count - marks[index]!) / bucketSeconds);
}

/**
 * The highest rate between neighbouring counts, in requests/s; `undefined` where they do not cover a run of that length, or
 * lie so far apart that none may be wholly within it.
 */
export function peakRate(samples: readonly Count[], runSeconds: number): number | undefined {
  const counts = countsOf(samples);
  const steps = counts.slice(1).map(({ atSeconds, served }, index) => {
    const seconds = atSeconds - counts[index]!.atSeconds;
    return { seconds, rate: (served - counts[index]!.served) / seconds };
  });
  const covered = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = Math.max(...steps.map(({ seconds }) => seconds));
  if (covered < runSeconds || longest > runSeconds / 3) return undefined;
  return Math.max(...steps.filter(({ seconds }) => seconds > shortestStep).map(({ rate }) => rate));
}

function countsOf(samples: readonly Count[]) {
  return samples.flatMap(({ atSeconds, served }) => (served === undefined ? [] : [{ atSeconds, served }]));
}

function countAt(counts: readonly { atSeconds: number; served: number }[], atSeconds: number): number {
  const after = counts.findIndex((count) => count.atSeconds >= atSeconds);
  const [left, right] = [counts[Math.max(0, after - 1)]!, counts[after] ?? counts.at(-1)!];
  if (right.atSeconds <= left.atSeconds) return right.served;
  const share = Math.min(1, (atSeconds - left.atSeconds) / (right.atSeconds - left.atSeconds));
  return left.served + share * (right.served - left.served);
}
