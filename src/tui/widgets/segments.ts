import { clip, type Piece, piece, type StyledLine, widthOf } from "../text/line.ts";
import type { Theme } from "../theme.ts";

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
