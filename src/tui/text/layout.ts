import { cleanText, displayWidth } from "../../core/cells/text.ts";
import { BLANK, fitLine, piece, type Size, type StyledLine, widthOf } from "./line.ts";

/** Brings lines to exactly the size: cut at the right and at the bottom, blank where there is nothing. */
export function page(lines: readonly StyledLine[], { width, height }: Size, ascii: boolean): StyledLine[] {
  return Array.from({ length: Math.max(0, height) }, (_, row) =>
    fitLine(spelled(lines[row] ?? BLANK, ascii), width, ascii),
  );
}

/** With 7-bit characters only, if asked. */
function spelled(pieces: StyledLine, ascii: boolean): StyledLine {
  return ascii ? pieces.map((one) => ({ ...one, text: cleanText(one.text, true) })) : pieces;
}

/** Blocks next to each other, each brought to its width; as high as the highest. */
export function beside(
  blocks: readonly { readonly lines: readonly StyledLine[]; readonly width: number }[],
  ascii: boolean,
): StyledLine[] {
  const height = Math.max(0, ...blocks.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    blocks.flatMap(({ lines, width }) => fitLine(lines[row] ?? BLANK, width, ascii)),
  );
}

/** A line across the page that carries a title and, at its right end, a remark: `── plan ─────── 14 of 24 ──`. */
export function rule(title: string, width: number, ascii: boolean, remark = ""): StyledLine {
  const stroke = ascii ? "-" : "─";
  const head = title === "" ? "" : ` ${title} `;
  const room = width - 2 - displayWidth(head);
  const tail = remark !== "" && displayWidth(remark) + 4 <= room ? ` ${remark} ` : "";
  const rest = Math.max(0, room - displayWidth(tail) - (tail ? 1 : 0));
  return fitLine(
    [
      piece(stroke.repeat(2), "faint"),
      piece(head, "title"),
      piece(stroke.repeat(rest), "faint"),
      piece(tail, "faint"),
      piece(tail ? stroke : "", "faint"),
    ],
    width,
    ascii,
  );
}

/** Pieces at the left and at the right end of one line; the right ones go where both do not fit. */
export function ends(left: StyledLine, right: StyledLine, width: number, ascii: boolean): StyledLine {
  const room = width - widthOf(left) - widthOf(right);
  return room < 1 ? fitLine(left, width, ascii) : [...left, piece(" ".repeat(room)), ...right];
}

/** Lays lines over the middle of a page that has the size already. */
export function over(
  under: readonly StyledLine[],
  lines: readonly StyledLine[],
  size: Size,
  ascii: boolean,
): StyledLine[] {
  const width = Math.min(size.width, Math.max(0, ...lines.map(widthOf)));
  const top = Math.max(0, Math.floor((size.height - lines.length) / 2));
  const left = Math.max(0, Math.floor((size.width - width) / 2));
  return under.map((pieces, row) => {
    const laid = lines[row - top];
    if (!laid) return pieces;
    const [before, after] = around(pieces, left, left + width);
    return [...before, ...fitLine(laid, width, ascii), ...after];
  });
}

/** What stands left of column `from` and from column `to` on. */
function around(pieces: StyledLine, from: number, to: number): [StyledLine, StyledLine] {
  return [columns(pieces, 0, from), columns(pieces, to, Number.POSITIVE_INFINITY)];
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The columns from `from` to `to`; half of a wide character becomes a blank. */
function columns(pieces: StyledLine, from: number, to: number): StyledLine {
  let at = 0;
  return pieces.map((one) => {
    let text = "";
    for (const { segment } of graphemes.segment(one.text)) {
      const width = displayWidth(segment);
      const [start, end] = [at, at + width];
      at = end;
      if (start >= from && end <= to) text += segment;
      else if (start < to && end > from) text += " ".repeat(Math.min(end, to) - Math.max(start, from));
    }
    return { ...one, text };
  });
}
