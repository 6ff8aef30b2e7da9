/** Narrower pages have their parts one below the other. */
const TWO_COLUMNS = 100;

/** Widths of two parts side by side, the first with its share of the page; `undefined` where the page is narrower than `from`. */
export function twoColumns(width: number, share = 0.5, from = TWO_COLUMNS): readonly [number, number] | undefined {
  if (width < from) return undefined;
  const left = Math.floor(width * share);
  return [left, width - left];
}
