import { GLYPHS, type Glyphs } from "./glyphs.ts";
import { BLANK, type Line, line, type Piece, piece, type Size, type Style, widthOf } from "./line.ts";
import { type Align, cleanText, displayWidth, fitTo, graphemesOf, isSimple, truncate, wrapWords } from "./text.ts";

/**
 * Puts lines on a page of character cells. It knows the alphabet, so nobody else has to ask: what passes through it comes
 * out fit for a terminal (see `cleanText`), in 7-bit characters only if `ascii`.
 */
export class Pen {
  /** 7-bit characters only. */
  readonly ascii: boolean;
  /** Whether what is drawn will be painted in colours. */
  readonly colour: boolean;
  readonly glyphs: Glyphs;

  constructor({ ascii, colour }: Pick<Pen, "ascii" | "colour">) {
    this.ascii = ascii;
    this.colour = colour;
    this.glyphs = GLYPHS[ascii ? "ascii" : "unicode"];
  }

  /** A text from outside, made fit for one line. */
  clean(text: string): string {
    return cleanText(text, this.ascii);
  }

  /** A text cut to at most `width` columns; it shows that it was cut. */
  cut(text: string, width: number): string {
    return truncate(this.clean(text), width, this.ascii);
  }

  /** A text brought to exactly `width` columns. */
  cell(text: string, width: number, style: Style = "plain", align: Align = "left"): Piece {
    return piece(fitTo(this.clean(text), Math.max(0, width), align, this.ascii), style);
  }

  /** A line cut to at most `width` columns; it shows that it was cut. */
  clip(pieces: Line, width: number): Line {
    const { clean, taken } = this.#measured(pieces);
    return taken <= width ? clean : this.#cutOff(clean, width);
  }

  /** A line brought to exactly `width` columns. */
  fit(pieces: Line, width: number): Line {
    const { clean, taken } = this.#measured(pieces);
    const room = width - taken;
    if (room < 0) return padded(this.#cutOff(clean, width), width);
    return room > 0 ? [...clean, piece(" ".repeat(room))] : clean;
  }

  /** Lines brought to exactly the size: cut at the right and at the bottom, blank where there is nothing. */
  page(lines: readonly Line[], { width, height }: Size): Line[] {
    return Array.from({ length: Math.max(0, height) }, (_, row) => this.fit(lines[row] ?? BLANK, width));
  }

  /** A row of a list, in exactly `width` columns; the one that keys act on is marked over its whole width. */
  row(pieces: Line, pointed: boolean, width: number): Line {
    if (!pointed) return this.fit([piece("  "), ...pieces], width);
    const marked = this.fit([piece(`${this.glyphs.pointer} `), ...pieces], width);
    // In one colour: several would make a patchwork of it.
    return marked.map(({ text }) => ({ text, style: "plain", inverse: true }));
  }

  /** A text in lines of whole words behind a margin, which leave the last column free. */
  paragraph(text: string, width: number, style: Style = "plain", margin = 1): Line[] {
    const words = wrapWords(this.clean(text), width - margin - 1);
    return words.map((one) => line(" ".repeat(margin) + one, style));
  }

  /** Blocks next to each other, each brought to its width; as high as the highest. */
  beside(...blocks: readonly (readonly [lines: readonly Line[], width: number])[]): Line[] {
    const height = Math.max(0, ...blocks.map(([lines]) => lines.length));
    return Array.from({ length: height }, (_, row) =>
      blocks.flatMap(([lines, width]) => this.fit(lines[row] ?? BLANK, width)),
    );
  }

  /** A line across the page that carries a title and, at its right end, a remark: `── plan ─────── 14 of 24 ─`. */
  rule(title: string, width: number, remark = ""): Line {
    const stroke = this.glyphs.box.level;
    const head = title === "" ? "" : ` ${this.clean(title)} `;
    const room = width - 2 - displayWidth(head);
    const said = this.clean(remark);
    const tail = said !== "" && displayWidth(said) + 4 <= room ? ` ${said} ` : "";
    const rest = Math.max(0, room - displayWidth(tail) - (tail ? 1 : 0));
    const pieces = [piece(stroke.repeat(2), "faint"), piece(head, "title"), piece(stroke.repeat(rest) + tail, "faint")];
    return this.fit([...pieces, piece(tail ? stroke : "", "faint")], width);
  }

  /** Pieces at the left and at the right end of one line; the right ones go where both do not fit. */
  ends(left: Line, right: Line, width: number): Line {
    const [first, last] = [this.#measured(left), this.#measured(right)];
    const room = width - first.taken - last.taken;
    return room < 1 ? this.fit(left, width) : [...first.clean, piece(" ".repeat(room)), ...last.clean];
  }

  /** Lines in a frame with a title, as wide as they need, at most `width`. */
  box(title: string, lines: readonly Line[], width: number): Line[] {
    const { corners, level, upright } = this.glyphs.box;
    const [topLeft = "", topRight = "", bottomLeft = "", bottomRight = ""] = corners;
    const inner = Math.max(0, Math.min(width - 4, Math.max(displayWidth(title) + 2, ...lines.map(widthOf))));
    const head = this.clip(title === "" ? BLANK : line(` ${title} `, "title"), inner);
    const edge = piece(upright, "faint");
    const above = level.repeat(Math.max(0, inner + 1 - widthOf(head))) + topRight;
    return [
      [piece(topLeft + level, "faint"), ...head, piece(above, "faint")],
      ...lines.map((one) => [edge, piece(" "), ...this.fit(one, inner), piece(" "), edge]),
      line(bottomLeft + level.repeat(inner + 2) + bottomRight, "faint"),
    ];
  }

  /** Lays lines over the middle of a page that has the size already; nothing is typed below them. */
  over(under: readonly Line[], lines: readonly Line[], size: Size): Line[] {
    const width = Math.min(size.width, Math.max(0, ...lines.map(widthOf)));
    const top = Math.max(0, Math.floor((size.height - lines.length) / 2));
    const left = Math.max(0, Math.floor((size.width - width) / 2));
    return under.map((covered, row) => {
      const laid = lines[row - top];
      const pieces = covered.map(({ caret: _, ...one }) => one);
      if (!laid) return pieces;
      const after = columnsOf(pieces, left + width, Number.POSITIVE_INFINITY);
      return [...columnsOf(pieces, 0, left), ...this.fit(laid, width), ...after];
    });
  }

  /** A line that is too long, cut; a wide character that is cut in two may leave it a column short. */
  #cutOff(pieces: Line, width: number): Line {
    const kept: Piece[] = [];
    let left = Math.max(0, width);
    for (const one of pieces) {
      const taken = displayWidth(one.text);
      // The blank makes a piece that fits exactly show that more would follow.
      if (taken >= left) return [...kept, { ...one, text: truncate(`${one.text} `, left, this.ascii) }];
      kept.push(one);
      left -= taken;
    }
    return kept;
  }

  /** A line made fit for the terminal, and its columns. */
  #measured(pieces: Line): { readonly clean: Line; readonly taken: number } {
    if (pieces.every(({ text }) => isSimple(text, this.ascii))) {
      return { clean: pieces, taken: pieces.reduce((sum, { text }) => sum + text.length, 0) };
    }
    const clean = pieces.map((one) => ({ ...one, text: this.clean(one.text) }));
    return { clean, taken: widthOf(clean) };
  }
}

function padded(pieces: Line, width: number): Line {
  return [...pieces, piece(" ".repeat(Math.max(0, width - widthOf(pieces))))];
}

/** The columns from `from` to `to`; half of a wide character becomes a blank. */
function columnsOf(pieces: Line, from: number, to: number): Line {
  let at = 0;
  return pieces.map((one) => {
    let text = "";
    for (const grapheme of graphemesOf(one.text)) {
      const [start, end] = [at, at + displayWidth(grapheme)];
      at = end;
      if (start >= from && end <= to) text += grapheme;
      else if (start < to && end > from) text += " ".repeat(Math.min(end, to) - Math.max(start, from));
    }
    return { ...one, text };
  });
}
