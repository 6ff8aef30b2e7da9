import { type Line, piece, type Size } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import type { KeyName } from "../keys.ts";
import type { LogLine } from "../store/runLog.ts";
import { placeAfter } from "./list.ts";

/**
 * The offset after a key; `undefined` where the key is none of a log's. It is how many of the newest lines lie below the
 * page; 0 follows the log.
 */
export function scrolled(offset: number, count: number, key: KeyName): number | undefined {
  const last = Math.max(0, count - 1);
  const place = placeAfter(key, last - offset, last + 1);
  return place === undefined ? undefined : last - place;
}

/** The newest lines that fit, above the offset; the last one is the newest. */
export function logLines(log: readonly LogLine[], offset: number, { width, height }: Size, pen: Pen): Line[] {
  const end = Math.max(Math.min(height, log.length), log.length - offset);
  const shown = log.slice(Math.max(0, end - Math.max(0, height)), end);
  return shown.map(({ at, tone, text }) => pen.fit([piece(` ${timeOf(at)} `, "faint"), piece(text, tone)], width));
}

/** Time of day on this machine: `21:04:11`. */
function timeOf(at: string): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.some(Number.isNaN) ? "--:--:--" : parts.map((part) => String(part).padStart(2, "0")).join(":");
}
