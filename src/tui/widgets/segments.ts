import type { KeyName } from "../keys.ts";
import { clip, type Piece, piece, type StyledLine, widthOf } from "../text/line.ts";
import type { Theme } from "../theme.ts";

/** The choice after a key of a segmented choice: it goes round at its ends. `undefined` where the key is none of its. */
export function segmentAfter(count: number, at: number, key: KeyName): number | undefined {
  const step = key === "left" || key === "shift+tab" ? -1 : key === "right" || key === "tab" ? 1 : undefined;
  return step === undefined || count === 0 ? undefined : (at + step + count) % count;
}

/** A choice of one, side by side: ` one  [two]  three`; from the left as much goes as the chosen one needs room. */
export function segmentsLine(
  titles: readonly string[],
  at: number,
  width: number,
  focused: boolean,
  theme: Theme,
): StyledLine {
  const cells = titles.map((title, index): Piece => {
    const chosen = index === at;
    const text = chosen ? `[${title}]` : ` ${title} `;
    return { ...piece(text, chosen ? "accent" : "faint"), ...(chosen && focused && theme.colour && { inverse: true }) };
  });
  let from = 0;
  while (from < at && widthOf(cells.slice(from, at + 1)) > width) from += 1;
  return clip(cells.slice(from), width, theme.ascii);
}
