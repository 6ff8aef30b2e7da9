import { expect } from "vitest";
import { type Line, type Size, widthOf } from "../../src/core/cells/line.ts";
import { Pen } from "../../src/core/cells/pen.ts";

export const plainPen: Pen = new Pen({ colour: false, ascii: false });
export const asciiPen: Pen = new Pen({ colour: false, ascii: true });
export const colourPen: Pen = new Pen({ colour: true, ascii: false });

/** What must hold for whatever is drawn: it stays in its size and its alphabet, and shows no figure that is none. */
export function expectWithin(lines: readonly Line[], size: Size, { ascii }: Pen): void {
  expect(lines.length).toBeLessThanOrEqual(size.height);
  for (const pieces of lines) {
    expect(widthOf(pieces)).toBeLessThanOrEqual(size.width);
    const text = pieces.map((one) => one.text).join("");
    expect(text).not.toMatch(/NaN|undefined|Infinity|null|\p{Cc}/u);
    if (ascii) expect(text).toMatch(/^[ -~]*$/);
  }
}

/** The text of one line. */
export function textOf(pieces: Line): string {
  return pieces.map(({ text }) => text).join("");
}
