import type { TrialRecord } from "../../core/domain/record.ts";
import { isOwnLimit } from "../../core/domain/verdicts.ts";
import { outcomeInWords, placeInWords } from "../../core/words/trials.ts";

/** One line of a log. */
export interface LogLine {
  /** ISO 8601; its time of day is shown. */
  readonly at: string;
  readonly tone: "plain" | "good" | "warning" | "bad";
  readonly text: string;
}

/** Lines that anybody will scroll back to. */
const mostLines = 500;

/** A log with lines added. */
export function withLines(log: readonly LogLine[], ...added: readonly LogLine[]): readonly LogLine[] {
  return [...log, ...added].slice(-mostLines);
}

/** The log of trials that others measured. */
export function logOf(records: readonly TrialRecord[], inRounds: boolean): readonly LogLine[] {
  return records.slice(-mostLines).flatMap((record) => endedLines(record, record.startedAt, inRounds));
}

/** What a log says of a trial that has ended. In rounds only those that failed are worth a line. */
export function endedLines(record: TrialRecord, at: string, inRounds: boolean): LogLine[] {
  const { status, verdict } = record;
  const failed = status === "failed";
  if (inRounds && !failed) return [];
  return [{ at, tone: failed ? "bad" : isOwnLimit(verdict?.bound) ? "good" : "warning", text: trialLine(record) }];
}

/** A trial of a sweep in one line: what was measured, what held it back, and how that is known. */
export function trialLine(record: TrialRecord): string {
  const evidence = record.result && record.verdict ? ` (${record.verdict.evidence})` : "";
  return `${placeInWords(record.point)}: ${outcomeInWords(record)}${evidence}`;
}
