import type { Line, Style } from "./paint.ts";

interface Cell {
  readonly character: string;
  readonly style: Style;
}

const BLANK: Cell = { character: " ", style: "plain" };

/** A page of character cells. Row 0 is the lowest, column 0 the leftmost. */
export class Canvas {
  readonly #cells: Cell[][];

  readonly rows: number;

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.#cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => BLANK));
  }

  /** Draws a character over what is there; cells off the page are left out. */
  put(row: number, column: number, character: string, style: Style): void {
    const line = this.#cells[row];
    if (line?.[column]) line[column] = { character, style };
  }

  /** The line of a row, neighbours of one style joined. */
  line(row: number): Line {
    const spans: { text: string; style: Style }[] = [];
    for (const { character, style } of this.#cells[row] ?? []) {
      const last = spans.at(-1);
      if (last && (last.style === style || character === " ")) last.text += character;
      else spans.push({ text: character, style });
    }
    return spans;
  }
}
