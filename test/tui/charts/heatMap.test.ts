import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HeatMap, heatMapLines } from "../../../src/core/cells/heatMap.ts";
import { piece, plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { planMap } from "../../../src/tui/charts/planMap.ts";
import { trial } from "../../fixtures/madeRecords.ts";
import { asciiPen, expectWithin, plainPen } from "../drawn.ts";

const MiB = 2 ** 20;

describe("heatMapLines", () => {
  const wide: HeatMap = {
    rows: ["haproxy", "traefik"],
    columns: Array.from({ length: 20 }, (_, index) => `${index}`),
    cells: [[piece("x")], []],
    focus: { row: 1, column: 15 },
  };

  it("keeps the focus on the page and counts what has no room", () => {
    expect(plainText(heatMapLines(wide, { width: 40, height: 3 }, plainPen))).toBe(
      ["          12  13  14  15  16  17  18 +13", " haproxy", " traefik"].join("\n"),
    );
    const long = plainText(heatMapLines({ ...wide, rows: ["a", "b", "c", "d"] }, { width: 16, height: 3 }, plainPen));
    expect(long).toContain("\n b");
    expect(long).toContain("3 more");
  });

  it("says that nothing is planned", () => {
    expect(plainText(heatMapLines({ rows: [], columns: [], cells: [] }, { width: 40, height: 3 }, plainPen))).toBe(
      " nothing planned",
    );
  });

  it("stays within its size and alphabet", () => {
    const name = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !/nan|undef|infin|null/i.test(text));
    const cell = fc.option(
      fc.constantFrom("●", "×", "+0.98").map((text) => piece(text)),
      { nil: undefined },
    );
    const maps = fc.record({
      rows: fc.array(name, { maxLength: 12 }),
      columns: fc.array(name, { maxLength: 30 }),
      cells: fc.array(fc.array(cell, { maxLength: 30 }), { maxLength: 12 }),
      focus: fc.record({ row: fc.nat(20), column: fc.nat(40) }),
    });
    const sizes = fc.record({ width: fc.integer({ min: 0, max: 120 }), height: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(maps, sizes, fc.boolean(), (map, size, colour) => {
        const pen = new Pen({ colour, ascii: false });
        expectWithin(heatMapLines(map, size, pen), size, pen);
      }),
    );
  });
});

describe("planMap", () => {
  const at = (proxy: string, cpu: number) => ({ ...trial({ proxy, cpu }).point, memoryBytes: 64 * MiB });
  const progress = {
    planned: ["haproxy", "traefik"].flatMap((proxy) =>
      [0.1, 0.2, 0.4].flatMap((cpu) => [at(proxy, cpu), at(proxy, cpu)]),
    ),
    records: [
      trial({ proxy: "haproxy", cpu: 0.1, bound: "proxy-bound" }),
      trial({ proxy: "haproxy", cpu: 0.1, bound: "proxy-bound" }),
      trial({ proxy: "haproxy", cpu: 0.2, bound: "proxy-bound" }),
      trial({ proxy: "traefik", cpu: 0.1, status: "failed" }),
      trial({ proxy: "traefik", cpu: 0.4, bound: "client-bound" }),
      trial({ proxy: "traefik", cpu: 0.4, bound: "client-bound" }),
    ],
    current: at("haproxy", 0.4),
  };

  it("has a row for each proxy and a column for each CPU level, and says what became of each point", () => {
    expect(plainText(heatMapLines(planMap(progress, plainPen), { width: 40, height: 5 }, plainPen))).toBe(
      [" cpu      0.10  0.20  0.40", " haproxy    ●     ◔     ◐", " traefik    ×     ·     ○"].join("\n"),
    );
    expect(plainText(heatMapLines(planMap(progress, asciiPen), { width: 40, height: 5 }, asciiPen))).toBe(
      [" cpu      0.10  0.20  0.40", " haproxy    *     o     >", " traefik    !     .     ?"].join("\n"),
    );
  });

  it("names in the rows whatever else varies", () => {
    const more = { ...progress, planned: [...progress.planned, { ...at("haproxy", 0.1), memoryBytes: 256 * MiB }] };
    expect(planMap(more, plainPen).rows).toEqual(["haproxy, 64 MiB", "traefik, 64 MiB", "haproxy, 256 MiB"]);
  });

  it("is empty without a plan", () => {
    expect(planMap({ planned: [], records: [] }, plainPen)).toMatchObject({ rows: [], columns: [], cells: [] });
  });
});
