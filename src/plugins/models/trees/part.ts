import type { Bag, Range } from "./bag.ts";
import type { Split } from "./split.ts";

/** Parts the rows of a node: those left of a split come first, in their order along each factor. */
export function part(bag: Bag, { start, end }: Range, { factor, at }: Split): void {
  const { orders, side, spare } = bag;
  const along = orders[factor]!;
  for (let i = start; i < end; i++) side[along[i]!] = i < at ? 1 : 0;
  for (let other = 0; other < orders.length; other++) {
    if (other !== factor) partOne(orders[other]!, start, end, side, spare);
  }
}

/** Rows with side 1 go left. Each is written to both sides, and counts on one: quicker than a branch that cannot be foreseen. */
function partOne(order: Int32Array, start: number, end: number, side: Uint8Array, spare: Int32Array): void {
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const goesLeft = side[row]!;
    order[left] = row;
    spare[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  for (let i = 0; i < right; i++) order[left + i] = spare[i]!;
}
