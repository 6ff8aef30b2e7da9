import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawTable, type Table } from "../../../src/core/cells/table.ts";
import { displayWidth } from "../../../src/core/cells/text.ts";

const TABLE: Table = {
  columns: [
    { title: "proxy", align: "left" },
    { title: "limiter", align: "left", drop: 2 },
    { title: "req/s", align: "right" },
    { title: "achieved", align: "right", drop: 1 },
    { title: "verdict", align: "left" },
  ],
  rows: [
    ["haproxy", "cgroup", "26.7k", "1.00", "client-bound"],
    ["漢字", "docker", "842", "0.30", "LAB_NOT_READY"],
  ],
};
const PAGE = { width: 80, colour: false, ascii: false };

describe("drawTable", () => {
  it("lines columns up, wide characters too", () => {
    expect(`\n${drawTable(TABLE, PAGE)}\n`).toMatchInlineSnapshot(`
      "
      proxy    limiter  req/s  achieved  verdict
      ───────  ───────  ─────  ────────  ─────────────
      haproxy  cgroup   26.7k      1.00  client-bound
      漢字     docker     842      0.30  LAB_NOT_READY
      "
    `);
  });

  it("drops the columns that may go, the highest rank first, and names them", () => {
    expect(`\n${drawTable(TABLE, { ...PAGE, width: 44 })}\n`).toMatchInlineSnapshot(`
      "
      proxy    req/s  achieved  verdict
      ───────  ─────  ────────  ─────────────
      haproxy  26.7k      1.00  client-bound
      漢字       842      0.30  LAB_NOT_READY
      not shown here: limiter
      "
    `);
  });

  it("cuts long texts before anything else is lost, and only as far as it must", () => {
    const wordy = { ...TABLE, rows: [["haproxy", "cgroup", "1", "1.00", "client-bound, and a long story besides"]] };
    const lines = drawTable(wordy, { ...PAGE, width: 54 }).split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe("haproxy  cgroup       1      1.00  client-bound, and…");
  });

  it("keeps columns that should stay by cutting their texts further", () => {
    const lines = drawTable(TABLE, { ...PAGE, width: 24 }).split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "proxy    req/s  verdict",
      "───────  ─────  ────────",
      "haproxy  26.7k  client-…",
    ]);
    expect(lines.at(-1)).toBe("not shown here: limiter…");
  });

  it("uses 7-bit characters only when it is told to", () => {
    const lines = drawTable(TABLE, { ...PAGE, width: 30, ascii: true });
    expect(lines).toMatch(/^[\n -~]*$/);
    expect(lines).toContain("-------");
  });

  it("marks the header by style only where there is colour", () => {
    const coloured = drawTable(TABLE, { ...PAGE, colour: true });
    expect(coloured.startsWith("\u001b[1mproxy")).toBe(true);
    expect(stripVTControlCharacters(coloured)).toBe(drawTable(TABLE, PAGE));
  });

  it("draws a table without rows or without columns", () => {
    expect(drawTable({ columns: TABLE.columns.slice(0, 1), rows: [] }, PAGE)).toBe("proxy\n─────");
    expect(drawTable({ columns: [], rows: [] }, PAGE)).toBe("\n");
  });

  it("is never wider than its page", () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 30 });
    const tables = fc.integer({ min: 1, max: 8 }).chain((count) =>
      fc.record({
        columns: fc.array(
          fc.record(
            {
              title: cell,
              align: fc.constantFrom("left" as const, "right" as const),
              drop: fc.integer({ min: 1, max: 5 }),
            },
            { requiredKeys: ["title", "align"] },
          ),
          { minLength: count, maxLength: count },
        ),
        rows: fc.array(fc.array(cell, { maxLength: count }), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(
        tables,
        fc.integer({ min: 1, max: 120 }),
        fc.boolean(),
        fc.boolean(),
        (table, width, colour, ascii) => {
          const lines = stripVTControlCharacters(drawTable(table, { width, colour, ascii })).split("\n");
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
          if (ascii) expect(lines.join("")).toMatch(/^[ -~]*$/);
          expect(lines.length - table.rows.length).toBeOneOf([2, 3]);
        },
      ),
    );
  });
});
