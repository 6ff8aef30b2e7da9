import { left, right, type Table, tableOf } from "../cells/table.ts";
import { formatBytes, formatRate } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { howItFailed } from "../words/memory.ts";
import { memoryLimitInWords } from "../words/trials.ts";

/** The trials of a search for the least memory, from much to little. */
export function floorTable(records: readonly TrialRecord[]): Table {
  const reference = records.find(({ point }) => point.memoryBytes === undefined);
  const byMemory = records.toSorted((a, b) => (b.point.memoryBytes ?? Infinity) - (a.point.memoryBytes ?? Infinity));
  return tableOf(byMemory, [
    right("memory limit", ({ point }) => memoryLimitInWords(point.memoryBytes)),
    right("peak", ({ usage }) => formatBytes(usage?.memoryPeakBytes)),
    right("req/s", ({ result }) => formatRate(result?.requestsPerSecond)),
    left("what happened", (record) => howItFailed(record, reference)),
  ]);
}
