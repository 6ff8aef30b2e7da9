import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { cleanText, displayWidth, fitTo, truncate } from "../../../src/core/cells/text.ts";

describe("displayWidth", () => {
  it("counts columns of a terminal, not characters", () => {
    const widths = {
      abc: 3,
      "…─●": 3,
      漢字: 4,
      ｱ: 1,
      "e\u0301": 1,
      "👍🏽": 2,
      "👩‍👩‍👧": 2,
      "🇩🇪": 2,
      한글: 4,
      "❤️": 2,
      "": 0,
    };
    for (const [text, width] of Object.entries(widths)) expect([text, displayWidth(text)]).toEqual([text, width]);
  });

  it("agrees with Ink's measure for every character of the basic plane", () => {
    const characters = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code));
    const printable = characters.filter((character) => !/\p{Cc}/u.test(character));
    expect(printable.filter((character) => displayWidth(character) !== stringWidth(character))).toEqual([]);
  });
});

describe("cleanText", () => {
  it("takes escape codes, control and direction characters out of a text from outside", () => {
    expect(cleanText("\u001b[31mred\u001b[0m\nnext\u202Eback\u0007", false)).toBe("red nextback ");
  });

  it("spells what it can in 7 bits and marks what it cannot", () => {
    expect(cleanText("5 µs ± 1 · naïve … 漢 ≤ 3", true)).toBe("5 us +- 1 - naive ... ? <= 3");
  });
});

describe("fitTo", () => {
  it("pads to the left or to the right", () => {
    expect(fitTo("ab", 4, "left", false)).toBe("ab  ");
    expect(fitTo("ab", 4, "right", false)).toBe("  ab");
  });

  it("cuts what is too long, shows it, and never splits a wide character", () => {
    expect(fitTo("abcdef", 4, "left", false)).toBe("abc…");
    expect(fitTo("abcdef", 4, "left", true)).toBe("abc~");
    expect(fitTo("漢字漢字", 4, "left", false)).toBe("漢… ");
    expect(truncate("abc", 0, false)).toBe("");
  });

  it("takes exactly the columns that it was told, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), fc.boolean(), (text, width, ascii) => {
        expect(displayWidth(fitTo(cleanText(text, ascii), width, "left", ascii))).toBe(width);
      }),
    );
  });
});
