import { expect } from "vitest";
import { type Size, type StyledLine, widthOf } from "../../src/tui/text/line.ts";
import { type Theme, themeFor } from "../../src/tui/theme.ts";

export const plainTheme: Theme = themeFor({ colour: false, ascii: false });
export const asciiTheme: Theme = themeFor({ colour: false, ascii: true });
export const colourTheme: Theme = themeFor({ colour: true, ascii: false });

/** What must hold for whatever is drawn: it stays in its size and its alphabet, and shows no figure that is none. */
export function expectWithin(lines: readonly StyledLine[], size: Size, { ascii }: Theme): void {
  expect(lines.length).toBeLessThanOrEqual(size.height);
  for (const pieces of lines) {
    expect(widthOf(pieces)).toBeLessThanOrEqual(size.width);
    const text = pieces.map((one) => one.text).join("");
    expect(text).not.toMatch(/NaN|undefined|Infinity|null|\p{Cc}/u);
    if (ascii) expect(text).toMatch(/^[ -~]*$/);
  }
}

/** The text of one line. */
export function textOf(pieces: StyledLine): string {
  return pieces.map(({ text }) => text).join("");
}
