import { formatDuration } from "../../core/report/format.ts";
import { cleanText, displayWidth } from "../../core/report/text.ts";
import { bar } from "../charts/bar.ts";
import { fitLine, piece, type StyledLine } from "../text/line.ts";
import type { Theme } from "../theme.ts";

export interface Progress {
  readonly done: number;
  readonly of: number;
  /** The end is an estimate: the plan depends on what is measured. */
  readonly about?: boolean;
  readonly elapsedSeconds: number;
  /** Absent while it is not known. */
  readonly remainingSeconds?: number | undefined;
}

const fewestBarColumns = 6;
const mostBarColumns = 30;

/** `trial 14 of ~24 ███████░░░░ 41 s in, 2 m 50 s left`, in exactly `width` columns; the bar goes first. */
export function progressLine(what: string, progress: Progress, width: number, theme: Theme): StyledLine {
  const { done, of, about, elapsedSeconds, remainingSeconds } = progress;
  const left = remainingSeconds === undefined ? "" : `, ${formatDuration(Math.max(0, remainingSeconds))} left`;
  const before = cleanText(`${what} ${done} of ${about ? "~" : ""}${of}`, theme.ascii);
  const after = `${formatDuration(elapsedSeconds)} in${left}`;
  const room = Math.min(mostBarColumns, width - displayWidth(before) - displayWidth(after) - 2);
  const middle = room >= fewestBarColumns ? bar(done, { width: room, full: Math.max(1, of) }, theme) : [];
  const gaps = middle.length > 0 ? [piece(" "), ...middle, piece(" ")] : [piece("  ")];
  return fitLine([piece(before), ...gaps, piece(after, "faint")], width, theme.ascii);
}
