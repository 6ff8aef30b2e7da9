import fc from "fast-check";
import { renderToString, Text } from "ink";
import { createElement } from "react";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/core/cells/text.ts";
import { beside, ends, over, page, rule } from "../../../src/tui/text/layout.ts";
import { clip, line, piece, type StyledLine, widthOf } from "../../../src/tui/text/line.ts";
import { paintLine } from "../../../src/tui/text/paint.ts";
import { signs } from "../../../src/tui/text/signs.ts";
import { themeFor } from "../../../src/tui/theme.ts";
import { colourTheme, plainTheme, textOf } from "../drawn.ts";

const pieces = fc.array(
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => piece(text, "accent")),
  { maxLength: 5 },
);
const size = fc.record({ width: fc.integer({ min: 0, max: 60 }), height: fc.integer({ min: 0, max: 12 }) });

describe("lines of a page", () => {
  it("are brought to exactly their size", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 15 }), size, (lines, place) => {
        const drawn = page(lines, place, false);
        expect(drawn).toHaveLength(place.height);
        for (const one of drawn) expect(widthOf(one)).toBe(place.width);
      }),
    );
  });

  it("show that they were cut, and keep their styles", () => {
    const cut = clip([piece("haproxy", "good"), piece(" at 0.30 cpu")], 9, false);
    expect(cut).toEqual([piece("haproxy", "good"), piece("…")]);
    expect(clip([piece("haproxy", "good"), piece(" x")], 7, true).map(({ text }) => text)).toEqual(["haprox~"]);
  });

  it("stand beside each other", () => {
    const drawn = beside(
      [
        { lines: [line("a"), line("b")], width: 3 },
        { lines: [line("long text")], width: 5 },
      ],
      false,
    );
    expect(drawn.map(textOf)).toEqual(["a  long…", "b       "]);
  });

  it("stand at both ends, the right one only where it fits", () => {
    expect(textOf(ends(line("left"), line("right"), 12, false))).toBe("left   right");
    expect(textOf(ends(line("left"), line("right"), 9, false))).toBe("left     ");
  });

  it("carry titles", () => {
    expect(textOf(rule("plan", 30, false, "14 of 24"))).toBe("── plan ─────────── 14 of 24 ─");
    expect(textOf(rule("plan", 16, true, "14 of 24"))).toBe("-- plan --------");
  });

  it("laid over others cut these without moving them", () => {
    const under = page([line("0123456789"), line("宽宽宽宽宽"), line("abcdefghij")], { width: 10, height: 3 }, false);
    expect(over(under, [line("XXXX")], { width: 10, height: 3 }, false).map(textOf)).toEqual([
      "0123456789",
      "宽 XXXX 宽",
      "abcdefghij",
    ]);
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }),
        fc.array(pieces, { maxLength: 6 }),
        size,
        (below, above, place) => {
          const drawn = over(page(below, place, false), above, place, false);
          for (const one of drawn) expect(widthOf(one)).toBe(place.width);
        },
      ),
    );
  });
});

describe("painting", () => {
  const marked: StyledLine = [piece("ok", "good"), { ...piece("cursor"), inverse: true }, piece(" 1", 0)];

  it("writes colours by their meaning", () => {
    expect(paintLine(marked, colourTheme)).toBe(
      "\u001b[32mok\u001b[39m\u001b[7mcursor\u001b[27m\u001b[36m 1\u001b[39m",
    );
  });

  it("writes no escape code without colours", () => {
    expect(paintLine([...marked, piece("b", "bad")], plainTheme)).toBe("okcursor 1b");
  });
});

it("takes every sign for as wide as Ink does", () => {
  const { glyphs } = themeFor({ colour: false, ascii: false });
  const all = JSON.stringify([glyphs, signs({ ascii: false })]).replace(/"[a-zA-Z]+":|[{}[\]",]/g, "");
  expect(displayWidth(all)).toBe([...all].length);
  // A wider one would leave no room for the last.
  expect(renderToString(createElement(Text, { wrap: "truncate" }, all), { columns: [...all].length })).toBe(all);
});
