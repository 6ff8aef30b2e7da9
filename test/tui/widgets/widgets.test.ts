import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caretOf, plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { answered, type Dialog, dialogLines } from "../../../src/tui/widgets/dialog.ts";
import { fieldLine, fieldOf } from "../../../src/tui/widgets/field.ts";
import { logLines, scrolled } from "../../../src/tui/widgets/logTail.ts";
import { entryAt, type PickerEntry, pickerAfter, pickerLines, pickerOf } from "../../../src/tui/widgets/picker.ts";
import { segmentsLine } from "../../../src/tui/widgets/segments.ts";
import { figureAt, slid, sliderAt, sliderLine } from "../../../src/tui/widgets/slider.ts";
import { asciiPen, expectWithin, plainPen, textOf } from "../drawn.ts";

const pen = fc.record({ colour: fc.boolean(), ascii: fc.boolean() }).map((look) => new Pen(look));
const width = fc.integer({ min: 0, max: 190 });
const word = fc.string({ unit: "grapheme", maxLength: 30 }).filter((text) => !/nan|undef|infin|null/i.test(text));

describe("a text field", () => {
  it("carries the caret where the next character goes, while it is typed in", () => {
    const draw = (cursor: number, focused = true) =>
      fieldLine({ text: "500", cursor }, { width: 6, focused }, plainPen);
    expect([0, 1, 3].map((cursor) => caretOf([[], draw(cursor)]))).toEqual([
      { x: 0, y: 1 },
      { x: 1, y: 1 },
      { x: 3, y: 1 },
    ]);
    expect(caretOf([draw(1, false)])).toBeUndefined();
    expect(textOf(draw(1))).toBe("500   ");
  });

  it("counts wide characters before the caret as two columns", () => {
    expect(caretOf([fieldLine(fieldOf("宽a"), { width: 6, focused: true }, plainPen)])).toEqual({ x: 3, y: 0 });
  });

  it("shows the end of a long text while the cursor is there", () => {
    expect(textOf(fieldLine(fieldOf("proxy=haproxy cpu<0.5"), { width: 10, focused: true }, plainPen))).toBe(
      "y cpu<0.5 ",
    );
  });

  it("has a placeholder", () => {
    const drawn = fieldLine(fieldOf(""), { width: 8, focused: false, placeholder: "any" }, plainPen);
    expect(textOf(drawn)).toBe("any     ");
  });

  it("has exactly its width", () => {
    fc.assert(
      fc.property(word, fc.nat(40), width, fc.boolean(), pen, (text, cursor, columns, focused, any) => {
        expectWithin(
          [fieldLine({ text, cursor }, { width: columns, focused }, any)],
          { width: columns, height: 1 },
          any,
        );
      }),
    );
  });
});

describe("a slider", () => {
  const stops = [0.05, 0.1, 0.2, 0.4, 0.8];

  it("goes by stops, tenths and to its ends", () => {
    const slider = sliderAt(stops, 0.21);
    expect(figureAt(slider)).toBe(0.2);
    expect(figureAt(slid(slider, "right")!)).toBe(0.4);
    expect(figureAt(slid(slider, "home")!)).toBe(0.05);
    expect(figureAt(slid(slid(slider, "end")!, "right")!)).toBe(0.8);
    const fine = sliderAt(
      Array.from({ length: 100 }, (_, index) => index),
      50,
    );
    expect(figureAt(slid(fine, "shift+right")!)).toBe(60);
    expect(slid(slider, "x")).toBeUndefined();
  });

  it("draws its knob where the figure lies in the range", () => {
    expect(textOf(sliderLine(sliderAt(stops, 0.05), 19, false, plainPen))).toBe("├●────────────────┤");
    expect(textOf(sliderLine(sliderAt(stops, 0.4), 19, false, plainPen))).toBe("├───────●─────────┤");
    expect(textOf(sliderLine(sliderAt(stops, 0.8), 19, false, asciiPen))).toBe("|----------------O|");
    expect(textOf(sliderLine({ stops: [], at: 0 }, 14, false, plainPen))).toBe("not measured  ");
  });

  it("has exactly its width", () => {
    const any = fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e9 }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(any, fc.double(), width, pen, (values, value, columns, look) => {
        const slider = sliderAt(
          values.toSorted((a, b) => a - b),
          value,
        );
        expectWithin([sliderLine(slider, columns, true, look)], { width: columns, height: 1 }, look);
      }),
    );
  });
});

describe("a segmented choice", () => {
  it("marks what is chosen without colours too", () => {
    expect(textOf(segmentsLine(["Compose", "Run", "Explore"], 1, 40, false, plainPen))).toBe(" Compose [Run] Explore ");
    expect(textOf(segmentsLine(["Compose", "Run", "Explore"], 2, 12, false, plainPen))).toBe("[Explore]");
  });
});

describe("a list to pick from", () => {
  const entries: PickerEntry[] = [
    { id: "haproxy", label: "haproxy", detail: "2.6.12" },
    { id: "traefik", label: "traefik", detail: "3.1" },
    { id: "mitmproxy", label: "mitmproxy", unavailable: "not installed: i installs it" },
  ];
  const press = (keys: string[], state = pickerOf(true, [])) =>
    keys.reduce((last, key) => pickerAfter(entries, last, key) ?? last, state);

  it("checks and unchecks, but never what is unavailable", () => {
    expect(press(["space", "down", "space"]).checked).toEqual(["haproxy", "traefik"]);
    expect(press(["space", "space"]).checked).toEqual([]);
    expect(press(["end", "space"]).checked).toEqual([]);
    expect(press(["a"]).checked).toEqual(["haproxy", "traefik"]);
    expect(press(["a", "a"]).checked).toEqual([]);
  });

  it("can look at what is unavailable, for its reason", () => {
    expect(entryAt(entries, press(["end"]))?.unavailable).toBe("not installed: i installs it");
    expect(`\n${plainText(pickerLines(entries, press(["space", "end"]), { width: 60, height: 5 }, plainPen))}\n`).toBe(`
  [✓] haproxy    2.6.12
  [ ] traefik    3.1
▸  -  mitmproxy  not installed: i installs it
`);
  });

  it("finds entries by what is typed, and keeps its cursor where it can", () => {
    const searched = { ...press(["down"]), search: fieldOf("proxy") };
    expect(entryAt(entries, searched)?.id).toBe("haproxy");
    expect(entryAt(entries, { ...searched, search: fieldOf("") })?.id).toBe("traefik");
    expect(
      textOf(
        pickerLines(entries, { ...searched, search: fieldOf("zz") }, { width: 30, height: 5 }, plainPen)[0]!,
      ).trim(),
    ).toBe("nothing found");
  });

  it("leaves to the screen the keys of a list of which one is picked", () => {
    expect(pickerAfter(entries, pickerOf(false, ["traefik"]), "space")).toBeUndefined();
    expect(pickerAfter(entries, pickerOf(false, ["traefik"]), "down")?.cursor).toBe("mitmproxy");
    expect(pickerAfter([], pickerOf(true, []), "down")?.cursor).toBeUndefined();
  });

  it("stays within its page", () => {
    const entry = fc.record(
      { id: word, label: word, detail: word, unavailable: word },
      { requiredKeys: ["id", "label"] },
    );
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 40 }),
        width,
        fc.nat(30),
        fc.boolean(),
        pen,
        (any, columns, height, many, look) => {
          const lines = pickerLines(any, pickerOf(many, []), { width: columns, height }, look);
          expectWithin(lines, { width: columns, height }, look);
        },
      ),
    );
  });
});

describe("a dialog", () => {
  const dialog: Dialog = {
    question: "A sweep is running. What is to become of it?",
    choices: [
      { key: "s", title: "stop it" },
      { key: "d", title: "let it go on" },
    ],
    at: 0,
  };

  it("takes a letter at once, or the marked choice on enter", () => {
    expect(answered(dialog, "d")).toEqual({ taken: 1 });
    expect(answered(dialog, "enter")).toEqual({ taken: 0 });
    expect(answered(dialog, "escape")).toEqual({ left: true });
    expect(answered(dialog, "down")).toEqual({ at: 1 });
    expect(answered({ ...dialog, at: 1 }, "tab")).toEqual({ at: 0 });
    expect(answered(dialog, "z")).toEqual({ at: 0 });
  });

  it("has a frame of its own width", () => {
    expect(`\n${plainText(dialogLines(dialog, 40, plainPen))}\n`).toMatchInlineSnapshot(`
      "
      ╭──────────────────────────────────────╮
      │ A sweep is running. What is to       │
      │ become of it?                        │
      │                                      │
      │ ▸ s  stop it                         │
      │   d  let it go on                    │
      ╰──────────────────────────────────────╯
      "
    `);
    fc.assert(
      fc.property(word, fc.integer({ min: 12, max: 100 }), pen, (title, columns, look) => {
        const lines = look.box(title.replace(/[^ -~]/g, ""), [], columns);
        expectWithin(lines, { width: columns, height: 2 }, look);
        expect(new Set(lines.map((one) => textOf(one).length)).size).toBe(1);
      }),
    );
  });
});

describe("a log", () => {
  const log = Array.from({ length: 30 }, (_, index) => ({
    at: "2026-11-22T12:00:00.000Z",
    tone: "plain" as const,
    text: `line ${index}`,
  }));
  const shown = (offset: number) =>
    logLines(log, offset, { width: 30, height: 3 }, plainPen).map((one) => textOf(one).trim().slice(9));

  it("follows its newest line until it is scrolled", () => {
    expect(shown(0)).toEqual(["line 27", "line 28", "line 29"]);
    expect(shown(scrolled(0, 30, "up")!)).toEqual(["line 26", "line 27", "line 28"]);
    expect(shown(scrolled(0, 30, "home")!)).toEqual(["line 0", "line 1", "line 2"]);
    expect(scrolled(3, 30, "end")).toBe(0);
    expect(scrolled(3, 30, "q")).toBeUndefined();
    expect(logLines([], 0, { width: 10, height: 3 }, plainPen)).toEqual([]);
  });
});
