import { type Line, line, piece, type Size } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { displayWidth } from "../../core/cells/text.ts";
import type { KeyName } from "../keys.ts";
import { fieldOf, type TextField } from "./field.ts";
import { entryAfter, hasWords, windowOf } from "./list.ts";

/** Something that can be picked. */
export interface PickerEntry {
  readonly id: string;
  readonly label: string;
  /** Said faintly beside it. */
  readonly detail?: string;
  /** Why it cannot be picked. */
  readonly unavailable?: string;
}

/** A list to pick one of, or to check some of. */
export interface PickerState {
  /** Some may be checked; else enter picks one. */
  readonly many: boolean;
  readonly checked: readonly string[];
  /** Id of the entry that the cursor is on. */
  readonly cursor?: string;
  /** Only entries with this in their label are shown. */
  readonly search: TextField;
}

/** A list with some entries checked, or with the cursor on the one that is picked now. */
export function pickerOf(many: boolean, checked: readonly string[], cursor = checked[0]): PickerState {
  return { many, checked, search: fieldOf(""), ...(cursor !== undefined && { cursor }) };
}

/** Entries that the search leaves. */
export function found(entries: readonly PickerEntry[], { search }: PickerState): readonly PickerEntry[] {
  return entries.filter(({ label, id }) => hasWords(`${label} ${id}`, search.text));
}

/** The entry that the cursor is on: the first one where that of the state is not shown. */
export function entryAt(entries: readonly PickerEntry[], state: PickerState): PickerEntry | undefined {
  const shown = found(entries, state);
  return shown.find(({ id }) => id === state.cursor) ?? shown[0];
}

/**
 * The list after a key; `undefined` where the key is none of a list's. `space` checks and unchecks, `a` checks all that can
 * be, or none. Entries that are unavailable can be looked at, for their reason, and not be checked.
 */
export function pickerAfter(
  entries: readonly PickerEntry[],
  state: PickerState,
  key: KeyName,
): PickerState | undefined {
  const shown = found(entries, state);
  const entry = entryAt(entries, state);
  const next = entryAfter(key, shown, entry);
  if (next) return { ...state, cursor: next.id };
  if (!state.many) return undefined;
  if (key === "space") return entry ? { ...toggled(state, [entry]), cursor: entry.id } : state;
  return key === "a" ? toggled(state, shown) : undefined;
}

/** Checks the entries that can be, or unchecks them where they all are. */
function toggled(state: PickerState, entries: readonly PickerEntry[]): PickerState {
  const available = entries.filter(({ unavailable }) => unavailable === undefined).map(({ id }) => id);
  const all = available.every((id) => state.checked.includes(id));
  const others = state.checked.filter((id) => !available.includes(id));
  return { ...state, checked: all ? others : [...others, ...available] };
}

/** The entries around the cursor, as many as fit: mark, label, detail or reason. */
export function pickerLines(
  entries: readonly PickerEntry[],
  state: PickerState,
  { width, height }: Size,
  pen: Pen,
): Line[] {
  const shown = found(entries, state);
  if (shown.length === 0) return pen.page([line("  nothing found", "faint")], { width, height: Math.min(1, height) });
  const chosen = entryAt(entries, state);
  const labels = Math.max(...entries.map(({ label }) => displayWidth(label)));
  const { from, to } = windowOf(shown.length, chosen ? shown.indexOf(chosen) : 0, height);
  return shown.slice(from, to).map((entry) => {
    const pieces = entryLine(entry, state, Math.min(labels, Math.floor(width / 2)), pen);
    return pen.row(pieces, entry === chosen, width);
  });
}

function entryLine(entry: PickerEntry, state: PickerState, labelWidth: number, pen: Pen): Line {
  const { checked, unchecked, chosen, notChosen } = pen.glyphs;
  const on = state.checked.includes(entry.id);
  const mark = state.many ? (on ? checked : unchecked) : on ? chosen : notChosen;
  const dead = entry.unavailable !== undefined;
  const detail = entry.unavailable ?? entry.detail ?? "";
  return [
    piece(dead ? " - " : mark, dead ? "faint" : on ? "accent" : "plain"),
    piece(" "),
    pen.cell(entry.label, labelWidth, dead ? "faint" : "plain"),
    piece(`  ${detail}`, "faint"),
  ];
}
