import type { Cell, ExportColumn } from "./exportColumns.ts";

export const EXPORT_FORMATS = ["csv", "ndjson", "json", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Rows as a file of a format. What is absent is an empty field, a key left out, or null. */
export async function exportRows<Row>(
  rows: readonly Row[],
  columns: readonly ExportColumn<Row>[],
  format: ExportFormat,
): Promise<string | Uint8Array> {
  const objects = () => rows.map((row) => Object.fromEntries(columns.map(({ name, read }) => [name, read(row)])));
  switch (format) {
    case "csv":
      return csv(rows, columns);
    case "ndjson":
      return objects()
        .map((one) => `${JSON.stringify(one)}\n`)
        .join("");
    case "json":
      return `${JSON.stringify(objects(), null, 1)}\n`;
    case "parquet":
      return parquet(rows, columns);
  }
}

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180, but with lines ended as on Unix; a text that a spreadsheet would compute begins with a quote. */
function csv<Row>(rows: readonly Row[], columns: readonly ExportColumn<Row>[]): string {
  const head = columns.map(({ name }) => name);
  const lines = [head, ...rows.map((row) => columns.map(({ read }) => read(row)))];
  return lines.map((cells) => `${cells.map(field).join(",")}\n`).join("");
}

function field(cell: Cell): string {
  const plain = cell === undefined ? "" : String(cell);
  const text = typeof cell === "string" && FORMULA.test(cell) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const parquetTypes = {
  text: "STRING",
  number: "DOUBLE",
  // Counts may exceed 32 bits, and a double holds them exactly up to 2^53.
  "whole number": "DOUBLE",
  "yes or no": "BOOLEAN",
  time: "TIMESTAMP",
} as const;

async function parquet<Row>(rows: readonly Row[], columns: readonly ExportColumn<Row>[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = columns.map(({ name, type, read }) => ({
    name,
    type: parquetTypes[type],
    data: rows.map((row) => {
      const cell = read(row) ?? null;
      return type === "time" && cell !== null ? new Date(String(cell)) : cell;
    }),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
