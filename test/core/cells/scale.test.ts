import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logYScale, xScale, yScale } from "../../../src/core/cells/scale.ts";
import { logTickLabels, tickLabels, xTicks } from "../../../src/core/cells/ticks.ts";

describe("yScale", () => {
  it("puts round values on whole rows and fills the page", () => {
    const scale = yScale([3600, 26_700], 12, "requests/s");
    expect(scale.ticks.map(({ value }) => value)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000]);
    expect(scale.ticks.map(({ row }) => row)).toEqual([0, 2, 4, 6, 8, 10, 12]);
  });

  it("steps in powers of two for bytes and in whole numbers for counts", () => {
    expect(yScale([200 * 2 ** 20], 10, "bytes").ticks[1]?.value).toBe(64 * 2 ** 20);
    expect(yScale([2], 16, "requests").ticks.map(({ value }) => value)).toEqual([0, 1, 2]);
  });

  it("always has two ticks, also on a low page", () => {
    expect(yScale([30_500], 3, "requests/s").ticks.length).toBeGreaterThan(1);
  });

  it("has room on both sides of 0", () => {
    for (let top = 3; top < 40; top += 1) {
      const scale = yScale([-0.7, 1], top, "");
      expect(scale.row(-0.7)).toBeGreaterThanOrEqual(0);
      expect(scale.row(1)).toBeLessThanOrEqual(top);
      expect(scale.ticks).toContainEqual({ row: expect.any(Number), value: 0 });
    }
  });

  it("keeps all values and 0 on the page, and its ticks where it says", () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(values, fc.integer({ min: 3, max: 60 }), (list, top) => {
        const scale = yScale(list, top, "");
        for (const value of [...list, 0]) {
          expect(scale.row(value)).toBeGreaterThan(-0.01);
          expect(scale.row(value)).toBeLessThan(top + 0.01);
        }
        for (const { row, value } of scale.ticks) expect(scale.row(value)).toBeCloseTo(row, 6);
        expect(scale.ticks.length).toBeGreaterThan(1);
      }),
    );
  });
});

describe("logYScale", () => {
  it("has ticks at 1, 2 and 5 of each decade where there is room, else at powers of ten, else at its ends", () => {
    const ticksOn = (top: number) => logYScale([2.2, 9000], top).ticks.map(({ value }) => value);
    expect(ticksOn(40)).toEqual([2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]);
    expect(ticksOn(14)).toEqual([10, 100, 1000, 10_000]);
    expect(ticksOn(3)).toEqual([2, 10_000]);
  });

  it("is as far from 1 to 10 as from 10 to 100, and has what is not above 0 at the bottom", () => {
    const scale = logYScale([1, 1000], 12);
    expect([1, 10, 100, 1000].map((value) => Math.round(scale.row(value)))).toEqual([0, 4, 8, 12]);
    expect([0, -5].map((value) => scale.row(value))).toEqual([0, 0]);
  });

  it("keeps all values on the page, and its ticks where it says", () => {
    const values = fc.array(fc.double({ min: 1e-9, max: 1e30, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(values, fc.integer({ min: 3, max: 60 }), (list, top) => {
        const scale = logYScale(list, top);
        for (const value of list) {
          expect(scale.row(value)).toBeGreaterThanOrEqual(0);
          expect(scale.row(value)).toBeLessThan(top + 0.01);
        }
        for (const { row, value } of scale.ticks) expect(Math.round(scale.row(value))).toBe(row);
        expect(scale.ticks.length).toBeGreaterThan(1);
      }),
    );
  });
});

describe("xScale", () => {
  it("starts at 0 where that costs little, and near the data where it would cost much", () => {
    expect(xScale([0.1, 1], 60).low).toBe(0);
    expect(xScale([0.8, 1], 60).low).toBe(0.8);
  });

  it("puts a lone x in the middle", () => {
    expect(xScale([0.3, 0.3], 61).column(0.3)).toBe(30);
  });

  it("is linear, stays on the page and can be read back", () => {
    const xs = fc.uniqueArray(fc.integer({ min: -1000, max: 1_000_000 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(xs, fc.integer({ min: 15, max: 200 }), (list, columns) => {
        const scale = xScale(list, columns);
        const [a, b] = [list[0]!, list[1]!];
        expect(scale.column((a + b) / 2)).toBeCloseTo((scale.column(a) + scale.column(b)) / 2, 6);
        for (const x of list) {
          expect(scale.column(x)).toBeGreaterThanOrEqual(0);
          expect(scale.column(x)).toBeLessThanOrEqual(columns - 1);
          expect(scale.at(scale.column(x))).toBeCloseTo(x, 3);
        }
      }),
    );
  });
});

describe("tickLabels", () => {
  it("writes all labels of an axis in one form", () => {
    expect(tickLabels([0, 2500, 5000], "requests/s")).toEqual(["0", "2.5k", "5.0k"]);
    expect(tickLabels([0.05, 0.1, 1], "cores")).toEqual(["0.05", "0.10", "1.00"]);
    expect(tickLabels([0, 200, 400], "ms")).toEqual(["0", "200", "400"]);
    expect(
      tickLabels(
        [64, 256, 1024].map((size) => size * 2 ** 20),
        "bytes",
      ),
    ).toEqual(["64 MiB", "256 MiB", "1024 MiB"]);
    expect(tickLabels([0, 0.25, 0.5], "share")).toEqual(["0", "25 %", "50 %"]);
    expect(tickLabels([0.1 + 0.2], "cores")).toEqual(["0.3"]);
    expect(tickLabels([1e30, 2e30], "")).toEqual(["1e+30", "2e+30"]);
  });
});

describe("logTickLabels", () => {
  it("writes each label in a form of its own", () => {
    expect(logTickLabels([0.5, 1, 20, 500, 1000, 50_000], "ms")).toEqual(["0.5", "1", "20", "500", "1k", "50k"]);
    expect(logTickLabels([0.01, 0.5], "share")).toEqual(["1 %", "50 %"]);
  });
});

describe("xTicks", () => {
  it("stand at the measured levels; labels give way to each other, the ends last", () => {
    const levels = [0.1, 0.11, 0.12, 0.5, 1];
    const ticks = xTicks(levels, xScale(levels, 50), 50, "cores");
    expect(ticks.map(({ label }) => label?.text)).toEqual(["0", "0.10", undefined, undefined, "0.50", "1.00"]);
  });

  it("stand at round values once there are many levels", () => {
    const levels = Array.from({ length: 40 }, (_, index) => 0.0213 + index * 0.0241);
    const ticks = xTicks(levels, xScale(levels, 70), 70, "cores");
    expect(ticks.flatMap(({ label }) => label?.text ?? [])).toEqual(["0", "0.2", "0.4", "0.6", "0.8"]);
  });

  it("stand at round values where the levels leave most of the axis without one", () => {
    const ticks = xTicks([500, 600], xScale([500, 600, 2000], 70), 70, "requests/s");
    expect(ticks.map(({ label }) => label?.text)).toEqual([
      "0",
      "250",
      "500",
      "750",
      "1000",
      "1250",
      "1500",
      "1750",
      "2000",
    ]);
  });

  it("never let labels touch, and keep each under its tick", () => {
    const levels = fc.uniqueArray(fc.double({ min: 0.01, max: 4, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(levels, fc.integer({ min: 20, max: 150 }), (list, columns) => {
        const ticks = xTicks(list, xScale(list, columns), columns, "cores");
        let end = -2;
        for (const { column, label } of ticks) {
          if (!label) continue;
          expect(label.start).toBeGreaterThan(end + 1);
          end = label.start + label.text.length - 1;
          expect(end).toBeLessThan(columns);
          expect(label.start).toBeLessThanOrEqual(column);
          expect(end).toBeGreaterThanOrEqual(column);
        }
      }),
    );
  });
});
