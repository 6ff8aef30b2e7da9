/** Which rows a tree learns from. */
export interface Draw {
  /** How often each row counts. */
  readonly weights: Float64Array;
  /** Configurations that were not drawn, in rising order. */
  readonly outOfBag: readonly number[];
}

/**
 * Draws as many configurations as there are, with replacement, each with all its replicates: had a tree seen one of
 * them, the others would not be new to it. `configuration` gives that of each row, counted from 0 without gaps.
 */
export function drawBag(configuration: readonly number[], random: () => number): Draw {
  const counts = new Array<number>(1 + Math.max(...configuration)).fill(0);
  for (let i = 0; i < counts.length; i++) counts[Math.floor(random() * counts.length)]! += 1;
  return {
    weights: Float64Array.from(configuration, (one) => counts[one]!),
    outOfBag: counts.flatMap((count, one) => (count === 0 ? one : [])),
  };
}

/** The configuration of each row, numbered as they first come. */
export function configurationsOf(x: readonly (readonly number[])[]): number[] {
  const numbers = new Map<string, number>();
  return x.map((row) => {
    const key = row.join();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
