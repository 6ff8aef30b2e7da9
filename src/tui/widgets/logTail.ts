import { cleanText } from "../../core/cells/text.ts";
import type { KeyName } from "../keys.ts";
import { fitLine, piece, type Role, type Size, type StyledLine } from "../text/line.ts";
import type { Theme } from "../theme.ts";

/** One line of a log. */
export interface LogEntry {
  /** ISO 8601; its time of day is shown. */
  readonly at: string;
  readonly tone: "plain" | "good" | "warning" | "bad";
  readonly text: string;
}

/** How many of the newest lines lie below the page; 0 follows the log. */
export type LogOffset = number;

/** The offset after a key; `undefined` where the key is none of a log's. */
export function scrolled(offset: LogOffset, count: number, key: KeyName): LogOffset | undefined {
  const steps: Readonly<Record<KeyName, number>> = {
    up: 1,
    down: -1,
    pageup: 10,
    pagedown: -10,
    home: count,
    end: -count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(Math.max(0, count - 1), offset + step));
}

/** The newest lines that fit, above the offset; the last one is the newest. */
export function logLines(
  log: readonly LogEntry[],
  offset: LogOffset,
  { width, height }: Size,
  theme: Theme,
): StyledLine[] {
  const end = Math.max(Math.min(height, log.length), log.length - offset);
  const shown = log.slice(Math.max(0, end - Math.max(0, height)), end);
  return shown.map(({ at, tone, text }) =>
    fitLine([piece(` ${timeOf(at)} `, "faint"), piece(cleanText(text, theme.ascii), styles[tone])], width, theme.ascii),
  );
}

const styles: Readonly<Record<LogEntry["tone"], Role>> = {
  plain: "plain",
  good: "good",
  warning: "warning",
  bad: "bad",
};

/** Time of day on this machine: `21:04:11`. */
function timeOf(at: string): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.some(Number.isNaN) ? "--:--:--" : parts.map((part) => String(part).padStart(2, "0")).join(":");
}
