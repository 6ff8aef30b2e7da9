import { readFileSync } from "node:fs";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { exportRows } from "../../../src/core/store/export.ts";
import {
  type ExportColumn,
  exportColumns,
  SEGMENT_COLUMNS,
  segmentsOf,
} from "../../../src/core/store/exportColumns.ts";
import { trialRecord } from "../../fixtures/records.ts";

const good = trialRecord({
  id: "s.0",
  quality: { steady: "yes", ended: "precise", series: { intervalSeconds: 0.5, requestsPerSecond: [100, 110] } },
});
const { result: _, usage: __, ...rest } = trialRecord({ id: "s.1", status: "failed" });
const failed = { ...rest, error: { code: "LAB_MEMORY", message: 'killed, "at its limit"' }, verdict: undefined };
const odd = { ...good, id: "s.2", verdict: { bound: "unclear", evidence: 'a "word", a comma\nand a line' } } as const;
const records = [good, failed as unknown as typeof good, odd];

describe("exported trials", () => {
  it("as CSV have a header, a line each, and quotes where they are needed", async () => {
    const text = String(await exportRows(records, exportColumns(), "csv"));
    expect(text.split("\n")[0]).toBe(
      exportColumns()
        .map(({ name }) => name)
        .join(","),
    );
    expect(text).toContain('"a ""word"", a comma\nand a line"');
  });

  it.each([
    ["=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(1)", "'@SUM(1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ["a=1", "a=1"],
    ["", ""],
  ])("as CSV hold no formula where a text is %j", async (text, field) => {
    const column = { name: "a", type: "text", unit: "", meaning: "", read: () => text } as const;
    expect(await exportRows([0], [column], "csv")).toBe(`a\n${field}\n`);
  });

  it("as CSV keep numbers below 0 as they are", async () => {
    const column = { name: "a", type: "number", unit: "", meaning: "", read: () => -1.5 } as const;
    expect(await exportRows([0], [column], "csv")).toBe("a\n-1.5\n");
  });

  it("leave out what is not known, and keep what is 0", async () => {
    const [first, second] = JSON.parse(String(await exportRows(records, exportColumns(), "json")));
    expect(first).toMatchObject({ trialId: "s.0", proxy: "haproxy", cpu: 0.3, failedRequests: 0, anchor: false });
    expect(first).not.toHaveProperty("memoryBytes");
    expect(second).toMatchObject({ status: "failed", errorCode: "LAB_MEMORY" });
    expect(second).not.toHaveProperty("requestsPerSecond");
  });

  it("have the offered rate wherever it is known: of a level also where the trial failed, of a share from its capacity", () => {
    const { read } = exportColumns().find(({ name }) => name === "offeredRequestsPerSecond")!;
    const level = trialRecord({ point: { requestsPerSecond: 500 } });
    const share = { ...good, result: { ...good.result!, offeredRequestsPerSecond: 630 } };
    expect([level, { ...level, status: "failed" } as const, share, good].map(read)).toEqual([500, 500, 630, undefined]);
  });

  it("are the same in every format", async () => {
    const json = JSON.parse(String(await exportRows(records, exportColumns(), "json")));
    const lines = String(await exportRows(records, exportColumns(), "ndjson"))
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(json);
    const bytes = (await exportRows(records, exportColumns(), "parquet")) as Uint8Array;
    const read = await parquetReadObjects({ file: bytes.slice().buffer });
    const known = read.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, value]) => value !== null && value !== undefined)
          .map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
      ),
    );
    expect(known).toEqual(json);
  });

  it("have a row for each part of a window", async () => {
    const rows = JSON.parse(String(await exportRows(segmentsOf(records), SEGMENT_COLUMNS, "json")));
    expect(rows).toHaveLength(4);
    expect(rows[1]).toEqual({
      trialId: "s.0",
      segment: 1,
      proxy: "haproxy",
      cpu: 0.3,
      startSeconds: 0.5,
      seconds: 0.5,
      requestsPerSecond: 110,
    });
  });
});

describe("docs/export.md", () => {
  it("lists the very columns of the code", () => {
    const [, trials, segments] = readFileSync("docs/export.md", "utf8").split(/^## /m);
    const listed = (part: string | undefined) =>
      [...part!.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) ?\| (.*) \|$/gm)].map(([, ...cells]) => cells);
    const known = (columns: readonly ExportColumn<never>[]) =>
      columns.map(({ name, type, unit, meaning }) => [name, type, unit, meaning]);
    expect(listed(trials)).toEqual(known(exportColumns()));
    expect(listed(segments)).toEqual(known(SEGMENT_COLUMNS));
  });
});
