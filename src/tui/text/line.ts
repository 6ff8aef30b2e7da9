import type { Style } from "../../core/cells/paint.ts";
import { type Align, displayWidth, fitTo, truncate } from "../../core/cells/text.ts";

/** Role of a piece of text: what the report's charts know, and what a console needs besides. */
export type Role = Style | "good" | "warning" | "bad" | "accent";

/** A piece of text in one style. */
export interface Piece {
  readonly text: string;
  readonly style: Role;
  /** Swaps the colours of text and ground: the place where keys act. */
  readonly inverse?: boolean;
}

/** A line of the screen, still to be painted. The report's lines are such lines too. */
export type StyledLine = readonly Piece[];

/** Columns and rows. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const BLANK: StyledLine = [];

export function piece(text: string, style: Role = "plain"): Piece {
  return { text, style };
}

/** A line of one piece. */
export function line(text: string, style: Role = "plain"): StyledLine {
  return [piece(text, style)];
}

/** Columns that a line takes. */
export function widthOf(pieces: StyledLine): number {
  return pieces.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Cuts a line to at most `width` columns, and shows that it did. */
export function clip(pieces: StyledLine, width: number, ascii: boolean): StyledLine {
  if (widthOf(pieces) <= width) return pieces;
  const kept: Piece[] = [];
  let left = Math.max(0, width);
  for (const one of pieces) {
    const taken = displayWidth(one.text);
    // The blank makes a piece that fits exactly show that more would follow.
    if (taken >= left) return [...kept, { ...one, text: truncate(`${one.text} `, left, ascii) }];
    kept.push(one);
    left -= taken;
  }
  return kept;
}

/** Brings a line to exactly `width` columns. */
export function fitLine(pieces: StyledLine, width: number, ascii: boolean, align: Align = "left"): StyledLine {
  const cut = clip(pieces, width, ascii);
  const room = width - widthOf(cut);
  if (room <= 0) return cut;
  const space = piece(" ".repeat(room));
  return align === "left" ? [...cut, space] : [space, ...cut];
}

/** A text brought to exactly `width` columns, as a piece. */
export function fitted(
  text: string,
  width: number,
  ascii: boolean,
  align: Align = "left",
  style: Role = "plain",
): Piece {
  return piece(fitTo(text, Math.max(0, width), align, ascii), style);
}

/** A line on which keys act, over its whole width and in one colour: several would make a patchwork of it. */
export function inverted(pieces: StyledLine, width: number, ascii: boolean): StyledLine {
  return fitLine(pieces, width, ascii).map(({ text }) => ({ text, style: "plain", inverse: true }));
}

/** The text of lines without their styles. */
export function plainText(lines: readonly StyledLine[]): string {
  return lines
    .map((pieces) =>
      pieces
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    )
    .join("\n");
}
