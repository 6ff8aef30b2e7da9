import { type Line, type Piece, piece, widthOf } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";

/** What is chosen, behind its key: `  f figure  requests/s`. */
export function choiceLine(key: string, name: string, chosen: Line): Line {
  return [piece(`  ${key} `, "accent"), piece(`${name} `, "faint"), ...chosen];
}

/** A choice of one, side by side: ` one  [two]  three`; from the left as much goes as the chosen one needs room. */
export function segmentsLine(titles: readonly string[], at: number, width: number, focused: boolean, pen: Pen): Line {
  const cells = titles.map((title, index): Piece => {
    const chosen = index === at;
    const text = chosen ? `[${title}]` : ` ${title} `;
    return { ...piece(text, chosen ? "accent" : "faint"), ...(chosen && focused && pen.colour && { inverse: true }) };
  });
  let from = 0;
  while (from < at && widthOf(cells.slice(from, at + 1)) > width) from += 1;
  return pen.clip(cells.slice(from), width);
}
