import {
  argumentsOf,
  defaultText,
  isOn,
  SWEEP_OPTIONS,
  type SweepFlags,
  type SweepOption,
  type SweepOptions,
} from "../../../core/domain/options.ts";
import { messageOf, type Problem } from "../../../core/errors.ts";
import type { SweepPreview } from "../../../core/lab.ts";
import { fieldOf, type TextField } from "../../widgets/field.ts";

type Said = Readonly<Record<string, string | boolean>>;

/** What a sweep is composed from. */
export interface ComposeState {
  /** What each option of the screen says, and what a preset says that the screen has no place for. */
  readonly said: Said;
  /** Id of the row that keys act on: `proxy/haproxy`, or the id of an option. */
  readonly cursor: string;
  /** The field that is typed in: that of the row, or the name of a file to save to. */
  readonly typing?: { readonly into: "row" | "file"; readonly field: TextField };
  /** What the sweep would be, or why it cannot be run; absent until it is known. */
  readonly preview?: SweepPreview;
  readonly problem?: Problem;
  /** The choice of the last time was read. */
  readonly recalled: boolean;
}

/** Nothing chosen yet, and the levels that a sweep begins with. */
export function composeState(options: SweepOptions = SWEEP_OPTIONS): ComposeState {
  return {
    said: textsOf(options, (_, option) => (option.value.plugins ? "" : (option.first ?? unsaid(option)))),
    cursor: "cpu",
    recalled: false,
  };
}

/** What an option says at first. A field whose default depends on the plan is left empty: the default stands in it, faint. */
function unsaid(option: SweepOption, said: Said = {}): string | boolean {
  const depends = typeof option.default === "function" && !option.value.choices;
  return isOn(option) ?? (depends ? undefined : defaultText(option, said)) ?? "";
}

function textsOf(options: SweepOptions, text: (id: string, option: SweepOption) => string | boolean) {
  const offered = Object.entries(options).filter(([, { label }]) => label !== undefined);
  return Object.fromEntries(offered.map(([id, option]) => [id, text(id, option)]));
}

/** What an option says, as text. */
export function textOf({ said }: ComposeState, id: string): string {
  return String(said[id] ?? "");
}

/** The names that are chosen in a list of plugins. */
export function pickedIn(state: ComposeState, id: string): string[] {
  return textOf(state, id)
    .split(/\s*,\s*/)
    .filter((name) => name !== "");
}

/** Ids of what a preset says and the screen has no place for. */
export function othersIn({ said }: ComposeState, options: SweepOptions = SWEEP_OPTIONS): string[] {
  return Object.keys(said).filter((id) => options[id]?.label === undefined);
}

function saying(state: ComposeState, id: string, value: string | boolean): ComposeState {
  return { ...state, said: { ...state.said, [id]: value } };
}

/** The state with a plugin taken in or out, or a choice moved to the next one. */
export function toggled(state: ComposeState, row: string, options: SweepOptions = SWEEP_OPTIONS): ComposeState {
  const [id, name] = row.split("/") as [string, string | undefined];
  const { choices, written } = options[id]?.value ?? {};
  if (written === "boolean") return saying(state, id, state.said[id] !== true);
  if (choices) return saying(state, id, choices[(choices.indexOf(textOf(state, id)) + 1) % choices.length]!);
  if (name === undefined) return state;
  const before = pickedIn(state, id);
  const after = before.includes(name) ? before.filter((one) => one !== name) : [...before, name];
  return saying(state, id, after.join(","));
}

/** Whether the row of an id is a field to type in. */
export function isField(id: string, options: SweepOptions = SWEEP_OPTIONS): boolean {
  const value = options[id]?.value;
  return value !== undefined && value.written !== "boolean" && !value.choices && !value.plugins;
}

/** Begins to type in the field of the row. */
export function typingBegun(state: ComposeState, options: SweepOptions = SWEEP_OPTIONS): ComposeState {
  const { cursor } = state;
  return isField(cursor, options)
    ? { ...state, typing: { into: "row", field: fieldOf(textOf(state, cursor)) } }
    : state;
}

/** The state with what is typed; a field of the row counts at once. */
export function typed(state: ComposeState, field: TextField): ComposeState {
  const { typing, cursor } = state;
  if (!typing) return state;
  const next = { ...state, typing: { ...typing, field } };
  return typing.into === "row" ? saying(next, cursor, field.text) : next;
}

export function typingEnded({ typing: _, ...state }: ComposeState): ComposeState {
  return state;
}

/** What is wrong with the text of a field, in one line. */
export function faultIn({ value }: SweepOption, text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    value.parse(text.trim());
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The options of the sweep; what is the default, whatever else is said, is left out. */
export function flagsOf({ said }: ComposeState, options: SweepOptions = SWEEP_OPTIONS): SweepFlags {
  const written = Object.entries(options).flatMap(([id, option]) => {
    const value = typeof said[id] === "string" ? said[id].trim() : said[id];
    return value === undefined || value === "" || option.when?.(said) === false ? [] : [[id, value] as const];
  });
  // One after the other: what is left out already must not change the defaults of the others.
  return written.reduce<Said>((flags, [id, value]) => {
    const { [id]: _, ...others } = flags;
    const isDefault = [{}, others].every((said) => defaultText(options[id]!, said) === String(value));
    return isDefault ? others : flags;
  }, Object.fromEntries(written));
}

/** The same choice as a state, such as of a preset or of the last time. Unknown plugins stay out of sight, not out of it. */
export function fromFlags(state: ComposeState, flags: SweepFlags, options: SweepOptions = SWEEP_OPTIONS): ComposeState {
  const given: ComposeState["said"] = flags;
  const { preview: _, problem: __, ...kept } = typingEnded(state);
  const texts = textsOf(options, (id, option) => {
    return given[id] ?? (option.value.plugins ? textOf(state, id) : unsaid(option, given));
  });
  return { ...kept, said: { ...given, ...texts } };
}

/** The equal command for a shell. */
export function commandOf(state: ComposeState): string {
  return ["./lab", "sweep", ...argumentsOf(flagsOf(state)).map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w./,:%=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
