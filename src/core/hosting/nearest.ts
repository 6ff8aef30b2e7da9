/**
 * The name that somebody who mistyped it most likely meant; `undefined` where none is near. By optimal string alignment:
 * letters too many, missing, wrong, or two of them in the wrong order; upper and lower case are alike.
 * Source: G. Navarro, A guided tour to approximate string matching, 2001.
 */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

function distanceOf(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const wrong = rows[i - 1]![j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? rows[i - 2]?.[j - 2] : undefined;
      row[j] = Math.min(wrong, rows[i - 1]![j]! + 1, row[j - 1]! + 1, (swapped ?? Infinity) + 1);
    }
    rows.push(row);
  }
  return rows[one.length]![other.length]!;
}
