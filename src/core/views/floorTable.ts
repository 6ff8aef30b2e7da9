import type { Table } from "../cells/table.ts";
import { formatBytes, formatPercent, formatRate } from "../domain/format.ts";
import type { TrialRecord } from "../domain/record.ts";
import { isSlowForMemory } from "../plan/floor.ts";

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

/** In words, from what the trial says of itself; `held` where nothing went wrong. */
export function howItFailed(record: TrialRecord, reference: TrialRecord | undefined): string {
  const { error, result, usage } = record;
  if (error?.code === "LAB_NOT_READY") return "did not answer in time: it was busy getting its memory back";
  if (error) return error.message;
  if ((usage?.oomKills ?? 0) > 0) return "was killed for memory under load";
  const failed = result ? result.failedRequests / (result.completedRequests + result.failedRequests) : 0;
  if (failed > 0.01) return `failed ${formatPercent(failed)} of the requests`;
  if (!reference || !isSlowForMemory(record, reference)) return "held";
  const share = (result?.requestsPerSecond ?? 0) / (reference.result?.requestsPerSecond ?? Number.NaN);
  return `made ${formatPercent(share)} of its rate without a limit`;
}
