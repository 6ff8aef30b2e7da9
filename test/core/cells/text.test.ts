import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { cleanText, displayWidth, fitTo, forTerminal, truncate } from "../../../src/core/cells/text.ts";

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

describe("forTerminal", () => {
  it("keeps lines, tabs and colours", () => {
    const text = "a\tb\n\u001b[1;31mred\u001b[0m \u00b5s \u6f22\n";
    expect(forTerminal(text)).toBe(text);
  });

  it.each([
    ["a title of the window", "\u001b]0;x\u0007y", "]0;xy"],
    ["the clipboard", "\u001b]52;c;eA==\u001b\\", "]52;c;eA==\\"],
    ["the cursor", "\u001b[2J\u001b[H", "[2J[H"],
    ["a bell before what looks like a colour", "\u0007[31mx", "[31mx"],
    ["codes of eight bits", "\u009b2J\u0090q", "2Jq"],
    ["a line written over", "good\rbad", "goodbad"],
    ["the direction", "a\u202eb", "ab"],
  ])("takes %s", (_, text, shown) => expect(forTerminal(text)).toBe(shown));

  it("leaves nothing that a terminal obeys but colours, whatever is in a text", () => {
    const parts = fc.constantFrom(
      "\u001b",
      "[",
      "]",
      "0;",
      "m",
      "31m",
      "\u0007",
      "\u009b",
      "H",
      "\n",
      "\r",
      "\u202e",
      "x",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (some) => {
        const colour = new RegExp(`${"\u001b"}\\[[\\d;]*m|[\\n\\t]`, "g");
        const rest = forTerminal(some.join("")).replace(colour, "");
        expect(rest).toMatch(/^[^\p{Cc}\u202e]*$/u);
      }),
    );
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
