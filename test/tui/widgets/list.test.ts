import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { twoColumns } from "../../../src/tui/widgets/columns.ts";
import { cycled, entryAfter, LIST_KEYS, placeAfter, windowOf } from "../../../src/tui/widgets/list.ts";

describe("the cursor of a list", () => {
  it("goes by steps, pages and to the ends, and not beyond", () => {
    const places = (at: number) => LIST_KEYS.split(" ").map((key) => [key, placeAfter(key, at, 30)]);
    expect(Object.fromEntries(places(12))).toEqual({ up: 11, down: 13, pageup: 2, pagedown: 22, home: 0, end: 29 });
    expect(Object.fromEntries(places(29))).toMatchObject({ down: 29, pagedown: 29, up: 28 });
    expect(placeAfter("down", 0, 0)).toBe(0);
  });

  it("leaves other keys to the screen", () => {
    expect(placeAfter("j", 0, 5)).toBeUndefined();
    expect(entryAfter("j", ["a"], "a")).toBeUndefined();
  });

  it("starts at the first entry if its own is gone", () => {
    expect(entryAfter("down", ["a", "b", "c"], "gone")).toBe("b");
    expect(entryAfter("down", ["a", "b", "c"], undefined)).toBe("b");
    expect(entryAfter("down", [], undefined)).toBeUndefined();
  });

  it("goes round if it is cycled", () => {
    expect(cycled(["a", "b", "c"], "c")).toBe("a");
    expect(cycled(["a", "b", "c"], "a", -1)).toBe("c");
    expect(cycled([], "a")).toBe("a");
  });
});

describe("windowOf", () => {
  it("holds the cursor and never shows less than it could", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(60), (count, at, height) => {
        const cursor = Math.min(at, Math.max(0, count - 1));
        const { from, to } = windowOf(count, cursor, height);
        expect(to - from).toBe(Math.min(count, height));
        if (count > 0 && height > 0) expect(cursor >= from && cursor < to).toBe(true);
      }),
    );
  });
});

describe("two columns", () => {
  it("share a page from 100 columns on, or from where they are asked to", () => {
    expect(twoColumns(99)).toBeUndefined();
    expect(twoColumns(100)).toEqual([50, 50]);
    expect(twoColumns(121, 0.45)).toEqual([54, 67]);
    expect(twoColumns(149, 0.5, 150)).toBeUndefined();
  });
});
