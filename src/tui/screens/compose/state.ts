import { argumentsOf, type SweepFlags } from "../../../core/domain/options.ts";
import { PLANS, type WrittenPlan } from "../../../core/domain/spec.ts";
import type { Problem } from "../../../core/errors.ts";
import type { SweepPreview } from "../../../core/plan/preview.ts";
import { fieldOf, type TextField } from "../../widgets/field.ts";
import { type FieldKind, fieldKinds } from "./fields.ts";

export type PickedKind = "proxy" | "load" | "limiter";

/** What a sweep is composed from. */
export interface ComposeState {
  readonly picked: Readonly<Record<PickedKind, readonly string[]>>;
  readonly role: "reverse" | "forward";
  readonly plan: WrittenPlan;
  /** Texts of the fields, by their ids. */
  readonly texts: Readonly<Record<string, string>>;
  /** Options of a preset that this screen has no place for. */
  readonly others: SweepFlags;
  /** Id of the row that keys act on: `proxy/haproxy`, `role`, `field/cpu`. */
  readonly cursor: string;
  /** The field that is typed in: that of the row, or the name of a file to save to. */
  readonly typing?: { readonly into: "row" | "file"; readonly field: TextField };
  /** What the sweep would be, or why it cannot be run; absent until it is known. */
  readonly preview?: SweepPreview;
  readonly problem?: Problem;
  /** The choice of the last time was read. */
  readonly recalled: boolean;
}

export const initialCompose: ComposeState = {
  picked: { proxy: [], load: [], limiter: [] },
  role: "reverse",
  plan: "grid",
  texts: Object.fromEntries(fieldKinds.map(({ id, usual }) => [id, id === "cpu" ? "0.1..0.7/5" : usual])),
  others: {},
  cursor: "field/cpu",
  recalled: false,
};

/** The state with something switched on or off, or moved to its next choice. */
export function toggled(state: ComposeState, row: string): ComposeState {
  if (row === "role") return { ...state, role: state.role === "reverse" ? "forward" : "reverse" };
  if (row === "plan") return { ...state, plan: PLANS[(PLANS.indexOf(state.plan) + 1) % PLANS.length]! };
  const [kind, id] = row.split("/") as [PickedKind, string];
  const before = state.picked[kind];
  if (!before) return state;
  const after = before.includes(id) ? before.filter((one) => one !== id) : [...before, id];
  return { ...state, picked: { ...state.picked, [kind]: after } };
}

/** The field of a row, if it has one that counts now. */
export function fieldKindOf(state: ComposeState, row: string): FieldKind | undefined {
  const kind = fieldKinds.find(({ id }) => row === `field/${id}`);
  return kind?.id === "trials" && state.plan === "grid" ? undefined : kind;
}

/** Begins to type in the field of the row. */
export function typingBegun(state: ComposeState): ComposeState {
  const kind = fieldKindOf(state, state.cursor);
  return kind ? { ...state, typing: { into: "row", field: fieldOf(state.texts[kind.id] ?? "") } } : state;
}

/** The state with what is typed; a field of the row counts at once. */
export function typed(state: ComposeState, field: TextField): ComposeState {
  const { typing, cursor } = state;
  if (!typing) return state;
  const next = { ...state, typing: { ...typing, field } };
  const kind = typing.into === "row" ? fieldKindOf(state, cursor) : undefined;
  return kind ? { ...next, texts: { ...state.texts, [kind.id]: field.text } } : next;
}

export function typingEnded({ typing: _, ...state }: ComposeState): ComposeState {
  return state;
}

/** The options of the sweep; what is usual is left out. */
export function flagsOf({ picked, role, plan, texts, others }: ComposeState): SweepFlags {
  const lists = { proxy: picked.proxy, load: picked.load, limiter: picked.limiter };
  const usual: Readonly<Record<string, string>> = { load: "wrk", limiter: "cgroup" };
  const chosen = Object.entries(lists)
    .map(([name, ids]) => [name, ids.join(",")] as const)
    .filter(([name, text]) => text !== "" && text !== usual[name]);
  const written = fieldKinds
    .filter(({ id }) => id !== "trials" || plan !== "grid")
    .map(({ id, usual: text }) => [id, texts[id]?.trim() ?? "", text] as const)
    .filter(([, text, usualText]) => text !== "" && text !== usualText)
    .map(([id, text]) => [id, text] as const);
  return {
    ...Object.fromEntries(chosen),
    ...(role === "forward" ? { role } : {}),
    ...(plan === "grid" ? {} : { plan }),
    ...Object.fromEntries(written),
    ...others,
  };
}

/** The same choice as a state, such as of a preset or of the last time. Unknown plugins stay out of sight, not out of it. */
export function fromFlags(state: ComposeState, flags: SweepFlags): ComposeState {
  const { proxy, load, limiter, role, plan, ...rest } = flags;
  const names = (text: string | undefined) => text?.split(",").map((one) => one.trim());
  const isField = (name: string) => fieldKinds.some(({ id }) => id === name);
  const texts = fieldKinds.map(({ id, usual }) => [id, String(flags[id] ?? usual)]);
  const { preview: _, problem: __, ...kept } = typingEnded(state);
  return {
    ...kept,
    picked: {
      proxy: names(proxy) ?? state.picked.proxy,
      load: names(load) ?? ["wrk"],
      limiter: names(limiter) ?? ["cgroup"],
    },
    role: role === "forward" ? "forward" : "reverse",
    plan: PLANS.find((one) => one === plan) ?? (flags.trials === undefined ? "grid" : "adaptive"),
    texts: Object.fromEntries(texts) as Record<string, string>,
    others: Object.fromEntries(Object.entries(rest).filter(([name]) => !isField(name) && name !== "title")),
  };
}

/** The equal command for a shell. */
export function commandOf(state: ComposeState): string {
  return ["./lab", "sweep", ...argumentsOf(flagsOf(state)).map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w./,:%=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
