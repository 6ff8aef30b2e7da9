import type { TrialRecord } from "../../domain/record.ts";
import type { Band } from "../../domain/summary.ts";

/** The band of each configuration that was repeated, from trials that are at one reference speed. */
export function bandsOf(_records: readonly TrialRecord[]): Band[] {
  return [];
}
