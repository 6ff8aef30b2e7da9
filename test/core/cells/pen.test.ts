import fc from "fast-check";
import { renderToString, Text } from "ink";
import { createElement } from "react";
import { describe, expect, it } from "vitest";
import { GLYPHS } from "../../../src/core/cells/glyphs.ts";
import { type Line, line, paintLine, piece, widthOf } from "../../../src/core/cells/line.ts";
import { displayWidth } from "../../../src/core/cells/text.ts";
import { asciiPen, plainPen, textOf } from "../../tui/drawn.ts";

const pieces = fc.array(
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => piece(text, "accent")),
  { maxLength: 5 },
);
const size = fc.record({ width: fc.integer({ min: 0, max: 60 }), height: fc.integer({ min: 0, max: 12 }) });

describe("lines of a page", () => {
  it("are brought to exactly their size", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 15 }), size, (lines, place) => {
        const drawn = plainPen.page(lines, place);
        expect(drawn).toHaveLength(place.height);
        for (const one of drawn) expect(widthOf(one)).toBe(place.width);
      }),
    );
  });

  it("show that they were cut, and keep their styles", () => {
    const cut = plainPen.clip([piece("haproxy", "good"), piece(" at 0.30 cpu")], 9);
    expect(cut).toEqual([piece("haproxy", "good"), piece("…")]);
    expect(asciiPen.clip([piece("haproxy", "good"), piece(" x")], 7).map(({ text }) => text)).toEqual(["haprox~"]);
  });

  it("stand beside each other", () => {
    const drawn = plainPen.beside([[line("a"), line("b")], 3], [[line("long text")], 5]);
    expect(drawn.map(textOf)).toEqual(["a  long…", "b       "]);
  });

  it("stand at both ends, the right one only where it fits", () => {
    expect(textOf(plainPen.ends(line("left"), line("right"), 12))).toBe("left   right");
    expect(textOf(plainPen.ends(line("left"), line("right"), 9))).toBe("left     ");
  });

  it("carry titles", () => {
    expect(textOf(plainPen.rule("plan", 30, "14 of 24"))).toBe("── plan ─────────── 14 of 24 ─");
    expect(textOf(asciiPen.rule("plan", 16, "14 of 24"))).toBe("-- plan --------");
  });

  it("laid over others cut these without moving them", () => {
    const under = plainPen.page([line("0123456789"), line("宽宽宽宽宽"), line("abcdefghij")], { width: 10, height: 3 });
    expect(plainPen.over(under, [line("XXXX")], { width: 10, height: 3 }).map(textOf)).toEqual([
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
          const drawn = plainPen.over(plainPen.page(below, place), above, place);
          for (const one of drawn) expect(widthOf(one)).toBe(place.width);
        },
      ),
    );
  });
});

describe("painting", () => {
  const marked: Line = [piece("ok", "good"), { ...piece("cursor"), inverse: true }, piece(" 1", 0)];

  it("writes colours by their meaning", () => {
    expect(paintLine(marked, true, "gray")).toBe(
      "\u001b[32mok\u001b[39m\u001b[7mcursor\u001b[27m\u001b[36m 1\u001b[39m",
    );
  });

  it("writes no escape code without colours", () => {
    expect(paintLine([...marked, piece("b", "bad")], false, "gray")).toBe("okcursor 1b");
  });
});

it("takes every sign for as wide as Ink does", () => {
  const all = JSON.stringify(GLYPHS.unicode).replace(/"[a-zA-Z]+":|[{}[\]",]/g, "");
  expect(displayWidth(all)).toBe([...all].length);
  // A wider one would leave no room for the last.
  expect(renderToString(createElement(Text, { wrap: "truncate" }, all), { columns: [...all].length })).toBe(all);
});
