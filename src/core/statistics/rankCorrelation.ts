/** Pairs of figures; `x[i]` belongs to `y[i]`. */
export interface Pairs {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Rank correlation over strata, and how sure its sign is. */
export interface RankCorrelation {
  /** -1 to 1; absent where x or y is the same everywhere. */
  readonly rho?: number;
  /** Pairs in strata that say something. */
  readonly n: number;
  /** Pairs of one single stratum that would tell as much: a stratum of two says only which of them is larger. */
  readonly effectiveN: number;
  /** Standard deviations between `rho` and none at all, under random order within strata. */
  readonly z: number;
  /** The largest `z` that so many pairs could give. */
  readonly largestZ: number;
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const [first, last] = [new Map<number, number>(), new Map<number, number>()];
  sorted.forEach((value, index) => {
    if (!first.has(value)) first.set(value, index);
    last.set(value, index);
  });
  return values.map((value) => (first.get(value)! + last.get(value)!) / 2 + 1);
}

/** Spearman's rank correlation; `undefined` where x or y is the same everywhere. */
export function spearman(pairs: Pairs): number | undefined {
  return rankCorrelation([pairs]).rho;
}

/**
 * Spearman's rank correlation within strata, pooled: ranks are compared only with those of the same stratum, so that
 * what differs between strata has no part in it. With one stratum it is Spearman's own.
 */
export function rankCorrelation(strata: readonly Pairs[]): RankCorrelation {
  let n = 0;
  let freedom = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  let variance = 0;
  let largest = 0;
  for (const { x, y } of strata) {
    const sums = rankSums(ranks(x), ranks(y));
    if (sums.xx === 0) continue;
    n += x.length;
    freedom += x.length - 1;
    xx += sums.xx;
    yy += sums.yy;
    xy += sums.xy;
    // Variance of the sum of products when y is in random order: exact, also with ties.
    variance += (sums.xx * sums.yy) / (x.length - 1);
    largest += Math.sqrt(sums.xx * sums.yy);
  }
  if (variance === 0) return { n, effectiveN: 0, z: 0, largestZ: 0 };
  const deviation = Math.sqrt(variance);
  return {
    rho: clamp(xy / Math.sqrt(xx * yy)),
    n,
    effectiveN: freedom + 1,
    z: xy / deviation,
    largestZ: largest / deviation,
  };
}

function rankSums(x: readonly number[], y: readonly number[]): { xx: number; yy: number; xy: number } {
  // The mean of ranks is the same with and without ties.
  const middle = (x.length + 1) / 2;
  const sum = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((total, value, index) => total + (value - middle) * (b[index]! - middle), 0);
  return { xx: sum(x, x), yy: sum(y, y), xy: sum(x, y) };
}

function clamp(rho: number): number {
  return Math.min(1, Math.max(-1, rho));
}
