import type { KeyBinding } from "../keys.ts";
import { hasWords } from "../widgets/list.ts";

/** A binding that does something now: the footer and the help show it, the command palette can run it. */
export interface KeyAction extends Pick<KeyBinding<unknown>, "title" | "help" | "keys" | "quiet"> {
  /** Where it belongs: `Run`, `everywhere`. */
  readonly group: string;
  run(): void;
}

/** Bindings that do something now, as entries. */
export function entriesOf<C>(group: string, bindings: readonly KeyBinding<C>[], context: C): KeyAction[] {
  return bindings
    .filter((binding) => binding.when?.(context) ?? true)
    .map((binding) => ({ ...binding, group, run: () => binding.run(context, binding.keys[0]) }));
}

/** Entries with all words of a search in their title or help. */
export function matching(entries: readonly KeyAction[], search: string): KeyAction[] {
  return entries.filter(({ title, help, group }) => hasWords(`${title} ${help} ${group}`, search));
}
