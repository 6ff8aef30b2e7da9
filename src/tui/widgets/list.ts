import type { KeyName } from "../keys.ts";

/** How far each key moves the cursor of a list. */
const STEPS: Readonly<Record<KeyName, number>> = {
  up: -1,
  down: 1,
  pageup: -10,
  pagedown: 10,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};

/** Keys that move the cursor of a list. */
export const LIST_KEYS = Object.keys(STEPS).join(" ");

/** The place in a list of `count` after a key; `undefined` if the key moves no cursor. `steps`: other keys than a list's. */
export function placeAfter(key: KeyName, at: number, count: number, steps = STEPS): number | undefined {
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, at + step));
}

/** The place of the entry that is meant; of the first where none is. */
export function placeOf<T>(entries: readonly T[], isMeant: (entry: T) => boolean): number {
  return Math.max(0, entries.findIndex(isMeant));
}

/** The entry after a key, of a list whose cursor is on `entry`, or on none: then the first is taken for it. */
export function entryAfter<T>(key: KeyName, entries: readonly T[], entry: T | undefined): T | undefined {
  const at = placeOf(entries, (one) => one === entry);
  const place = placeAfter(key, at, entries.length);
  return place === undefined ? undefined : entries[place];
}

/** All words of a search are in the text, in any order. */
export function hasWords(text: string, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => text.toLowerCase().includes(word));
}

/** The entry some places on; the last one is followed by the first. */
export function cycled<T>(entries: readonly T[], entry: T, step = 1): T {
  const at = Math.max(0, entries.indexOf(entry));
  return entries[(at + step + entries.length) % entries.length] ?? entry;
}

/**
 * The part of a list around its cursor, as indexes `from` up to, without, `to`. It moves by half pages, so that most steps
 * of the cursor change two lines only, and leaves some lines on either side of the cursor.
 */
export function windowOf(count: number, cursor: number, height: number): { from: number; to: number } {
  const shown = Math.max(0, Math.min(count, height));
  const half = Math.max(1, Math.floor(shown / 2));
  const wanted = Math.floor(cursor / half) * half - Math.floor(half / 2);
  const from = Math.max(0, Math.min(count - shown, wanted));
  return { from, to: from + shown };
}
