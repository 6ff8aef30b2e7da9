import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edited, figureField, inserted, type TextField } from "../../../src/tui/widgets/field.ts";

const after = (field: TextField, ...keys: string[]) => keys.reduce((now, key) => edited(now, key) ?? now, field);

describe("a field for a figure", () => {
  it("takes digits and a point, and leaves other letters to the screen", () => {
    const field = figureField("5");
    expect(edited(field, "0")?.text).toBe("50");
    expect(edited(field, ".")?.text).toBe("5.");
    for (const key of ["v", "space", "?", "-", "enter", "up"]) expect(edited(field, key)).toBeUndefined();
  });

  it("stays one while it is edited", () => {
    expect(after(figureField("5000"), "left", "backspace", "delete", "home", "9", "ctrl+w", "v")).toMatchObject({
      text: "50",
      figures: true,
    });
  });

  it("takes of a pasted text the figures", () => {
    expect(inserted(figureField(""), " 5,000 requests\n").text).toBe("5000");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(inserted(figureField(""), text).text).toMatch(/^[\d.]*$/);
      }),
    );
  });
});
