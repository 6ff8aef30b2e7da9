/** Which of `count` things in a row are shown on `height` lines: from `from` up to, without, `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The part of a list around its cursor. It moves by half pages, so that most steps of the cursor change two lines only, and
 * leaves some lines on either side of the cursor.
 */
export function windowOf(count: number, cursor: number, height: number): Window {
  const shown = Math.max(0, Math.min(count, height));
  const half = Math.max(1, Math.floor(shown / 2));
  const wanted = Math.floor(cursor / half) * half - Math.floor(half / 2);
  const from = Math.max(0, Math.min(count - shown, wanted));
  return { from, to: from + shown };
}
