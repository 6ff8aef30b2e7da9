interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}

/**
 * Where a function is least, near `start`: the simplex method of Nelder and Mead (1965). Ends where the corners of the
 * simplex differ by less than `tolerance`, or after so many evaluations. Infinity means: not there.
 */
export function minimise(
  evaluate: (at: readonly number[]) => number,
  start: readonly number[],
  { step, tolerance, evaluations }: { step: number; tolerance: number; evaluations: number },
): Vertex {
  let left = evaluations;
  const vertex = (at: readonly number[]): Vertex => {
    left--;
    return { at, value: evaluate(at) };
  };
  let simplex = [start, ...start.map((value, i) => start.with(i, value + step))].map(vertex).sort(rising);
  while (left > 0 && simplex.at(-1)!.value - simplex[0]!.value > tolerance) {
    simplex = replaceWorst(simplex, vertex).sort(rising);
  }
  return simplex[0]!;
}

/** Moves the worst corner through the middle of the others or towards it; if nothing helps, all towards the best. */
function replaceWorst(simplex: readonly Vertex[], vertex: (at: readonly number[]) => Vertex): Vertex[] {
  const others = simplex.slice(0, -1);
  const [best, second, worst] = [simplex[0]!, others.at(-1)!, simplex.at(-1)!];
  const middle = best.at.map((_, i) => others.reduce((sum, { at }) => sum + at[i]!, 0) / others.length);
  const along = (share: number) => vertex(between(middle, worst.at, share));
  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    return [...others, expanded.value < reflected.value ? expanded : reflected];
  }
  if (reflected.value < second.value) return [...others, reflected];
  const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
  if (contracted.value < Math.min(reflected.value, worst.value)) return [...others, contracted];
  return [best, ...simplex.slice(1).map(({ at }) => vertex(between(best.at, at, 0.5)))];
}

function between(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((value, i) => value + share * (to[i]! - value));
}

function rising(a: Vertex, b: Vertex): number {
  return a.value - b.value;
}
