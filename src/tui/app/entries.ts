import type { KeyBinding, KeyName } from "../keys.ts";

/** Something that the command palette can run. */
export interface KeyAction {
  /** Where it belongs: `Run`, `everywhere`. */
  readonly group: string;
  readonly title: string;
  readonly help: string;
  readonly keys: readonly KeyName[];
  run(): void;
}

/** Bindings that do something now, as entries. */
export function entriesOf<C>(group: string, bindings: readonly KeyBinding<C>[], context: C): KeyAction[] {
  return bindings
    .filter((binding) => binding.when?.(context) ?? true)
    .map((binding) => ({
      group,
      title: binding.title,
      help: binding.help,
      keys: binding.keys,
      run: () => binding.run(context, binding.keys[0]),
    }));
}

/** Entries with all words of a search in their title or help. */
export function matching(entries: readonly KeyAction[], search: string): KeyAction[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ title, help, group }) => {
    const text = `${title} ${help} ${group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
