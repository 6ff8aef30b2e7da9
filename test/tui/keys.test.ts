import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyInWords, keyName, keysOf, type PressedKey } from "../../src/tui/keys.ts";
import { edited, fieldOf, inserted, type TextField } from "../../src/tui/widgets/field.ts";

const none: PressedKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  tab: false,
  backspace: false,
  delete: false,
  ctrl: false,
  shift: false,
  meta: false,
};

describe("a pressed key", () => {
  it.each<[string, Partial<PressedKey>, string | undefined]>([
    ["a", {}, "a"],
    ["A", { shift: true }, "A"],
    ["?", {}, "?"],
    [" ", {}, "space"],
    ["", { upArrow: true }, "up"],
    ["\r", { return: true }, "enter"],
    ["", { escape: true, meta: true }, "escape"],
    ["\t", { tab: true, shift: true }, "shift+tab"],
    ["p", { ctrl: true }, "ctrl+p"],
    ["x", { meta: true }, "alt+x"],
    ["ü", {}, "ü"],
    ["abc", {}, undefined],
    ["", {}, undefined],
  ])("%j with %j is called %s", (input, flags, name) => {
    expect(keyName(input, { ...none, ...flags })).toBe(name);
  });

  it("is found in several that came together", () => {
    expect(keysOf("5m\r\t \x7f\x10")).toEqual(["5", "m", "enter", "tab", "space", "backspace", "ctrl+p"]);
  });

  it("is shown as people read it", () => {
    expect(["up", "ctrl+p", "escape", "+", "a"].map((key) => keyInWords(key, false))).toEqual([
      "↑",
      "ctrl-p",
      "esc",
      "+",
      "a",
    ]);
    expect(keyInWords("up", true)).toBe("up");
  });
});

const key = fc.oneof(
  fc.constantFrom(
    "left",
    "right",
    "home",
    "end",
    "backspace",
    "delete",
    "space",
    "ctrl+u",
    "ctrl+w",
    "ctrl+a",
    "ctrl+e",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
);

describe("a text field", () => {
  const typed = (keys: readonly string[], from = fieldOf("")) =>
    keys.reduce<TextField>((field, one) => edited(field, one) ?? field, from);

  it("takes characters in at the cursor", () => {
    expect(typed(["a", "c", "left", "b", "end", "d"])).toEqual({ text: "abcd", cursor: 4 });
  });

  it("deletes a character, a word, and all before the cursor", () => {
    expect(typed(["backspace"], fieldOf("ab")).text).toBe("a");
    expect(typed(["home", "delete"], fieldOf("ab")).text).toBe("b");
    expect(typed(["ctrl+w"], fieldOf("haproxy,traefik")).text).toBe("haproxy,");
    expect(typed(["left", "ctrl+u"], fieldOf("abc")).text).toBe("c");
  });

  it("leaves keys that it does not know to others", () => {
    for (const one of ["enter", "escape", "tab", "up", "ctrl+c", "f1"])
      expect(edited(fieldOf("a"), one)).toBeUndefined();
  });

  it("takes a pasted text in as one line without control characters", () => {
    expect(inserted(fieldOf("x"), "a\nb\u0007\tc\x1b[31m").text).toBe("xa b c[31m");
  });

  it("keeps its cursor inside of its text whatever is typed", () => {
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        const { text, cursor } = typed(keys);
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual([...text].length);
      }),
    );
  });
});
