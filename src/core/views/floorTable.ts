import type { Table } from "../cells/table.ts";
import { formatBytes, formatRate } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { howItFailed } from "../words/memory.ts";

/** The trials of a search for the least memory, from much to little. */
export function floorTable(records: readonly TrialRecord[]): Table {
  const reference = records.find(({ point }) => point.memoryBytes === undefined);
  const byMemory = records.toSorted((a, b) => (b.point.memoryBytes ?? Infinity) - (a.point.memoryBytes ?? Infinity));
  return {
    columns: [
      { title: "memory limit", align: "right" },
      { title: "peak", align: "right" },
      { title: "req/s", align: "right" },
      { title: "what happened", align: "left" },
    ],
    rows: byMemory.map((record) => [
      record.point.memoryBytes === undefined ? "none" : formatBytes(record.point.memoryBytes),
      formatBytes(record.usage?.memoryPeakBytes),
      formatRate(record.result?.requestsPerSecond),
      howItFailed(record, reference),
    ]),
  };
}
