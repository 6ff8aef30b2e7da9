import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pen } from "../../../src/core/cells/pen.ts";
import { bar } from "../../../src/tui/charts/bar.ts";
import { sparkline, sparklineWithRange } from "../../../src/tui/charts/sparkline.ts";
import { asciiPen, expectWithin, plainPen, textOf } from "../drawn.ts";

const figure = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
  fc.double(),
  fc.constant(undefined),
);
const pen = fc.record({ colour: fc.boolean(), ascii: fc.boolean() }).map((look) => new Pen(look));
const width = fc.integer({ min: 0, max: 190 });

describe("sparkline", () => {
  it("goes from the smallest to the largest figure", () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], { width: 8 }, plainPen)).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], { width: 8 }, asciiPen)).toBe("_.-=+*#@");
  });

  it("stands in the middle where all figures are equal, and is blank where there is none", () => {
    expect(sparkline([5, undefined, 5, Number.NaN], { width: 9 }, plainPen)).toBe("▅ ▅ ");
    expect(sparkline([], { width: 9 }, plainPen)).toBe("");
  });

  it("can start at a given figure instead", () => {
    expect(sparkline([50, 100], { width: 2, from: 0 }, plainPen)).toBe("▅█");
  });

  it("averages more figures than it has columns", () => {
    expect(sparkline([0, 0, 10, 10], { width: 2 }, plainPen)).toBe("▁█");
    expect(
      sparkline(
        Array.from({ length: 10_000 }, (_, index) => index),
        { width: 8 },
        plainPen,
      ),
    ).toBe("▁▂▃▄▅▆▇█");
  });

  it("says its range", () => {
    expect(textOf(sparklineWithRange([8100, 12_000], "requests/s", { width: 14 }, plainPen))).toBe("8.10k ▁█ 12.0k");
    expect(textOf(sparklineWithRange([8100, 12_000], "requests/s", { width: 8 }, plainPen))).toBe("8.10k 1…");
    expect(textOf(sparklineWithRange([undefined], "requests/s", { width: 4 }, plainPen))).toBe("-   ");
  });

  it("has exactly its width, whatever it is given", () => {
    fc.assert(
      fc.property(fc.array(figure, { maxLength: 300 }), width, pen, (figures, columns, any) => {
        const drawn = sparklineWithRange(figures, "requests/s", { width: columns }, any);
        expectWithin([drawn], { width: columns, height: 1 }, any);
        expect(textOf(drawn)).toHaveLength(columns);
      }),
    );
  });
});

describe("bar", () => {
  it("fills the share of the full bar, to an eighth of a column, and marks a limit or a peak", () => {
    expect(textOf(bar(71, { width: 16, full: 128, mark: 100 }, plainPen))).toBe("████████▉░░░▏░░░");
    expect(textOf(bar(71, { width: 16, full: 128, mark: 100 }, asciiPen))).toBe("#########...|...");
  });

  it("is all bad beyond the full bar, and blank where nothing is known", () => {
    expect(bar(2, { width: 4, full: 1 }, plainPen)).toEqual([{ text: "████", style: "bad" }]);
    expect(textOf(bar(undefined, { width: 4, full: 1 }, plainPen))).toBe("    ");
    expect(textOf(bar(0, { width: 4, full: 1 }, plainPen))).toBe("░░░░");
  });

  it("has exactly its width, whatever it is given", () => {
    fc.assert(
      fc.property(figure, fc.double(), figure, width, pen, (value, full, mark, columns, any) => {
        const drawn = bar(value, { width: columns, full, mark }, any);
        expectWithin([drawn], { width: columns, height: 1 }, any);
        expect(textOf(drawn)).toHaveLength(columns);
      }),
    );
  });
});
