import { joined, type Line, type Piece, piece, type Style } from "./line.ts";

const EMPTY = piece(" ");

/** A page of character cells. Row 0 is the lowest, column 0 the leftmost. */
export class Canvas {
  readonly #cells: Piece[][];

  readonly rows: number;

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.#cells = Array.from({ length: rows }, () => new Array<Piece>(columns).fill(EMPTY));
  }

  /** Draws a character over what is there; cells off the page are left out. */
  put(row: number, column: number, character: string, style: Style): void {
    const line = this.#cells[row];
    if (line?.[column]) line[column] = piece(character, style);
  }

  /** The line of a row, neighbours of one style joined. */
  line(row: number): Line {
    return joined(this.#cells[row] ?? []);
  }
}
