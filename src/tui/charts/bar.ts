import { joined, type Line, type Piece, piece, type Style } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { isFigure } from "../../core/domain/format.ts";

export interface BarOptions {
  readonly width: number;
  /** The figure of a full bar. */
  readonly full: number;
  /** Marked on the bar: a limit below the full bar, or a peak. */
  readonly mark?: number | undefined;
  readonly style?: Style;
}

/**
 * A figure as part of a full bar, with a mark: `████████░░░▏░░░`, in exactly `width` columns. Beyond the full bar it is
 * drawn as bad. Blank where there is no figure: unknown is not zero.
 */
export function bar(value: number | undefined, { width, full, mark, style = "accent" }: BarOptions, pen: Pen): Line {
  if (!isFigure(value) || !(full > 0)) return pen.fit([], width);
  const share = Math.max(0, Math.min(1, value / full));
  const cells = filled(share * width, Math.max(0, width), pen);
  const tone = value > full ? "bad" : style;
  const drawn: Piece[] = cells.map((cell) => piece(cell, cell === pen.glyphs.bar.empty ? "faint" : tone));
  if (isFigure(mark)) {
    const at = Math.floor((mark / full) * width);
    if (at >= 0 && at < drawn.length) drawn[at] = piece(pen.glyphs.limit, "plain");
  }
  return joined(drawn);
}

/** So many cells full, one in part where the signs allow, the rest empty. */
function filled(cells: number, width: number, pen: Pen): string[] {
  const { bar: glyph, barParts: parts } = pen.glyphs;
  const whole = parts === "" ? Math.round(cells) : Math.floor(cells);
  const part = parts[Math.floor((cells - whole) * (parts.length + 1)) - 1];
  return Array.from({ length: width }, (_, at) => {
    if (at < whole) return glyph.full;
    return at === whole && part ? part : glyph.empty;
  });
}
