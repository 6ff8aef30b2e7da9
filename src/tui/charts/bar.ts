import { isFigure } from "../../core/domain/format.ts";
import { fitLine, type Piece, piece, type Role, type StyledLine } from "../text/line.ts";
import { signs } from "../text/signs.ts";
import type { Theme } from "../theme.ts";

export interface BarOptions {
  readonly width: number;
  /** The figure of a full bar. */
  readonly full: number;
  /** Marked on the bar: a limit below the full bar, or a peak. */
  readonly mark?: number | undefined;
  readonly style?: Role;
}

/**
 * A figure as part of a full bar, with a mark: `████████░░░▏░░░`, in exactly `width` columns. Beyond the full bar it is
 * drawn as bad. Blank where there is no figure: unknown is not zero.
 */
export function bar(
  value: number | undefined,
  { width, full, mark, style = "accent" }: BarOptions,
  theme: Theme,
): StyledLine {
  if (!isFigure(value) || !(full > 0)) return fitLine([], width, theme.ascii);
  const share = Math.max(0, Math.min(1, value / full));
  const cells = filled(share * width, Math.max(0, width), theme);
  const tone = value > full ? "bad" : style;
  const drawn: Piece[] = cells.map((cell) => piece(cell, cell === theme.glyphs.bar.empty ? "faint" : tone));
  if (isFigure(mark)) {
    const at = Math.floor((mark / full) * width);
    if (at >= 0 && at < drawn.length) drawn[at] = piece(signs(theme).limit, "plain");
  }
  return joined(drawn);
}

/** So many cells full, one in part where the signs allow, the rest empty. */
function filled(cells: number, width: number, theme: Theme): string[] {
  const { bar: glyph } = theme.glyphs;
  const { parts } = signs(theme);
  const whole = parts === "" ? Math.round(cells) : Math.floor(cells);
  const part = parts[Math.floor((cells - whole) * (parts.length + 1)) - 1];
  return Array.from({ length: width }, (_, at) => {
    if (at < whole) return glyph.full;
    return at === whole && part ? part : glyph.empty;
  });
}

function joined(pieces: readonly Piece[]): StyledLine {
  const line: { text: string; style: Role }[] = [];
  for (const { text, style } of pieces) {
    const last = line.at(-1);
    if (last?.style === style) last.text += text;
    else line.push({ text, style });
  }
  return line;
}
