import { joined, type Line, type Piece, piece, type Style } from "./line.ts";

const EMPTY = piece(" ");

/** A page of character cells. Row 0 is the lowest, column 0 the leftmost. */
export class Canvas {
  readonly #cells: Piece[][];

  readonly rows: number;
  readonly columns: number;

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.#cells = Array.from({ length: rows }, () => new Array<Piece>(columns).fill(EMPTY));
  }

  /** Draws a character over what is there; cells off the page are left out. */
  put(row: number, column: number, character: string, style: Style): void {
    const line = this.#cells[row];
    if (line?.[column]) line[column] = piece(character, style);
  }

  /** Writes a text from a column on. */
  write(row: number, start: number, text: string, style: Style): void {
    for (const [offset, character] of [...text].entries()) this.put(row, start + offset, character, style);
  }

  /** Draws the same character in the rows from `low` to `high` of a column. */
  upright(column: number, low: number, high: number, character: string, style: Style): void {
    for (let row = low; row <= high; row += 1) this.put(row, column, character, style);
  }

  /** The line of a row, neighbours of one style joined. */
  line(row: number): Line {
    return joined(this.#cells[row] ?? []);
  }
}
