import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText } from "../../../src/core/cells/line.ts";
import { Pen } from "../../../src/core/cells/pen.ts";
import { fieldOf } from "../../../src/tui/widgets/field.ts";
import { filterRows, parseFigure } from "../../../src/tui/widgets/table/query.ts";
import {
  arrangerOf,
  cursorMoved,
  emptyTable,
  sortedBy,
  TABLE_KEYS,
  type TableKind,
  type TableState,
} from "../../../src/tui/widgets/table/table.ts";
import { tableLines, tableStatus } from "../../../src/tui/widgets/table/view.ts";
import { expectWithin, plainPen, textOf } from "../drawn.ts";

interface Row {
  readonly id: string;
  readonly proxy: string;
  readonly cpu: number;
  readonly memory?: number;
  readonly verdict?: string;
}

const kind: TableKind<Row> = {
  keyOf: ({ id }) => id,
  columns: [
    { id: "proxy", title: "proxy", align: "left", width: 9, read: (r) => r.proxy, cell: (r) => r.proxy },
    { id: "cpu", title: "cpu", align: "right", width: 4, read: (r) => r.cpu, cell: (r) => r.cpu.toFixed(2) },
    {
      id: "memory",
      title: "memory",
      unit: "bytes",
      align: "right",
      width: 8,
      drop: 2,
      read: (r) => r.memory,
      cell: (r) => `${r.memory ?? "-"}`,
    },
    {
      id: "verdict",
      title: "verdict",
      align: "left",
      width: 12,
      drop: 1,
      read: (r) => r.verdict,
      cell: (r) => r.verdict ?? "-",
    },
  ],
};

const rows: Row[] = [
  { id: "1", proxy: "haproxy", cpu: 0.5, memory: 64 * 2 ** 20, verdict: "proxy-bound" },
  { id: "2", proxy: "haproxy-tuned", cpu: 0.1, verdict: "client-bound" },
  { id: "3", proxy: "traefik", cpu: 0.9, memory: 128 * 2 ** 20, verdict: "proxy-bound" },
  { id: "4", proxy: "traefik", cpu: 0.3 },
];
const many: Row[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: `${index}`,
  proxy: ["haproxy", "traefik", "squid"][index % 3]!,
  cpu: ((index * 7919) % 97) / 100,
  verdict: index % 5 === 0 ? "client-bound" : "proxy-bound",
}));

const ids = (filter: string) =>
  filterRows(rows, filter, kind.columns)
    .rows.map(({ id }) => id)
    .join("");
const filtered = (text: string): TableState => ({ ...emptyTable, filter: fieldOf(text) });

describe("a filter", () => {
  it("compares figures, in the units of their column", () => {
    expect(ids("cpu<0.5")).toBe("24");
    expect(ids("cpu<=0.5 cpu>0.1")).toBe("14");
    expect(ids("cpu=.3")).toBe("4");
    expect(ids("memory>=128M")).toBe("3");
    expect(ids("memory<100MiB")).toBe("1");
  });

  it("finds texts as a whole, and where none is, those that begin so", () => {
    expect(ids("proxy=haproxy")).toBe("1");
    expect(ids("proxy=hap")).toBe("12");
    expect(ids("proxy=traefik,haproxy")).toBe("134");
    expect(ids("proxy!=traefik")).toBe("12");
    expect(ids("verdict=proxy-bound cpu>0.6")).toBe("3");
  });

  it("looks for words in all texts, in capitals or not", () => {
    expect(ids("TUNED")).toBe("2");
    expect(ids("!traefik")).toBe("12");
    expect(ids("bound !client")).toBe("13");
  });

  it("takes the beginning of a column's name, and lets a term that is still being typed pass", () => {
    expect(ids("mem>100M")).toBe("3");
    expect(ids("cpu<")).toBe("1234");
    expect(ids("!")).toBe("1234");
  });

  it("says what it does not understand, and goes by the rest", () => {
    const problem = (filter: string) => filterRows(rows, filter, kind.columns).problem;
    expect(problem("colour=red cpu<0.2")).toBe('no column "colour": proxy, cpu, memory, verdict');
    expect(ids("colour=red cpu<0.2")).toBe("2");
    expect(problem("cpu<much")).toBe('"much" is no number');
    expect(problem("proxy<3")).toBe('"proxy" is a text: proxy=...');
    expect(problem("cpu<0.5")).toBeUndefined();
  });

  it("never fails, and never shows what is not there", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (text) => {
        for (const row of filterRows(rows, text, kind.columns).rows) expect(rows).toContain(row);
      }),
    );
    expect(parseFigure("constructor")).toBeUndefined();
    expect(parseFigure("5%")).toBe(0.05);
    expect(parseFigure("26.7k")).toBeCloseTo(26_700);
    expect(parseFigure("50ms", "ms")).toBe(50);
  });
});

describe("a table", () => {
  it("sorts by a column, and by the same one again the other way round; rows without a value stay last", () => {
    const order = (state: TableState) =>
      arrangerOf(kind)(rows, state)
        .rows.map(({ id }) => id)
        .join("");
    const once = sortedBy(emptyTable, "memory");
    expect(order(once)).toBe("1324");
    expect(order(sortedBy(once, "memory"))).toBe("3124");
    expect(order(sortedBy(once, "cpu"))).toBe("2413");
  });

  it("keeps its cursor on the record when rows come, go and change places", () => {
    const arrange = arrangerOf(kind);
    const state = cursorMoved(emptyTable, arrange(rows, emptyTable), kind, "end");
    expect(state.cursor).toBe("4");
    const more = [{ id: "0", proxy: "squid", cpu: 0.2 }, ...rows];
    expect(arrange(more, state).at).toBe(4);
    expect(arrange(more, sortedBy(state, "cpu")).at).toBe(2);
    expect(arrange(more, { ...state, filter: fieldOf("squid") }).at).toBe(0);
    expect(arrange(more, state).at).toBe(4);
  });

  it("moves its cursor by steps, pages and to the ends, and not beyond", () => {
    const arrange = arrangerOf(kind);
    const pressed = (...keys: string[]) =>
      keys.reduce((state, key) => cursorMoved(state, arrange(many, state), kind, key), emptyTable).cursor;
    expect(pressed("down", "down", "up")).toBe("1");
    expect(pressed("pagedown", "k")).toBe("9");
    expect(pressed("end", "down")).toBe("9999");
    expect(pressed("end", "home")).toBe("0");
    expect(cursorMoved(emptyTable, arrange([], emptyTable), kind, "down")).toBe(emptyTable);
  });

  it("draws its head and the rows around the cursor", () => {
    const state = sortedBy({ ...emptyTable, cursor: "3" }, "cpu");
    const lines = tableLines(kind, arrangerOf(kind)(rows, state), state, { width: 60, height: 6 }, plainPen);
    expect(`\n${plainText(lines)}\n`).toMatchInlineSnapshot(`
      "
        proxy      cpu▲    memory  verdict
        haproxy-…  0.10         -  client-bound
        traefik    0.30         -  -
        haproxy    0.50  67108864  proxy-bound
      ▸ traefik    0.90  1342177…  proxy-bound
      "
    `);
  });

  it("drops columns by their rank where it is narrow", () => {
    const head = (width: number) =>
      textOf(
        tableLines(kind, arrangerOf(kind)(rows, emptyTable), emptyTable, { width, height: 3 }, plainPen)[0]!,
      ).trim();
    expect(head(60)).toMatch(/^proxy +cpu +memory +verdict$/);
    expect(head(40)).toMatch(/^proxy +cpu +verdict$/);
    expect(head(20)).toMatch(/^proxy +cpu$/);
  });

  it("tells which of how many rows are shown, and what is wrong with a filter", () => {
    const status = (state: TableState) =>
      textOf(tableStatus(arrangerOf(kind)(rows, state), rows.length, state, 60, plainPen)).trimEnd();
    expect(status(emptyTable)).toBe(" 1/4");
    expect(status(filtered("traefik"))).toMatch(/^ filter traefik +1\/2 of 4$/);
    expect(status({ ...filtered("colour=1"), typing: true })).toMatch(
      /^ filter colour=1 +no column "colour": proxy, cpu, mem/,
    );
    expect(status(filtered("nothing"))).toMatch(/ 0 of 4$/);
  });

  it("stays within its page, whatever is filtered, sorted and pressed", () => {
    const arrange = arrangerOf(kind);
    const filters = fc.oneof(
      fc.constantFrom("cpu<0.5", "proxy=sq", "zzz", ""),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    );
    const sizes = fc.record({ width: fc.integer({ min: 0, max: 200 }), height: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(
        filters,
        fc.array(fc.constantFrom(...TABLE_KEYS), { maxLength: 6 }),
        sizes,
        fc.boolean(),
        (text, keys, size, ascii) => {
          const pen = new Pen({ colour: true, ascii });
          let state = sortedBy(filtered(text.replace(/nan|undef|infin|null/gi, "")), "cpu");
          for (const key of keys) state = cursorMoved(state, arrange(many, state), kind, key);
          const shown = arrange(many, state);
          const lines = tableLines(kind, shown, state, size, pen);
          expectWithin(
            [...lines, tableStatus(shown, many.length, state, size.width, pen)],
            { ...size, height: size.height + 1 },
            pen,
          );
          if (shown.rows.length > 0 && size.height > 1)
            expect(lines.filter((one) => one.some(({ inverse }) => inverse))).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
