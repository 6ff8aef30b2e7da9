/** A key as the console names it: `a`, `A`, `?`, `up`, `enter`, `ctrl+p`, `shift+tab`. */
export type KeyName = string;

/** One entry of a table of keys. Help, footer and command palette are made from these, and nothing else. */
export interface KeyBinding<Context> {
  /** All of them do the same; the first is the one shown. */
  readonly keys: readonly [KeyName, ...KeyName[]];
  /** One or two words for the footer and the palette: `pause`. */
  readonly title: string;
  /** What it does, in one line. */
  readonly help: string;
  /** Left out of the footer: too common, or too rare. */
  readonly quiet?: boolean;
  /** Whether it does something now; always, unless given. */
  when?(context: Context): boolean;
  /** `key`: the one of its keys that was pressed. */
  run(context: Context, key: KeyName): void;
}

/**
 * An entry of a table of keys, in a line. `keys`: their names, parted by blanks; `when`: it does something, always unless
 * given.
 */
export function key<Context>(
  keys: string,
  title: string,
  help: string,
  run: KeyBinding<Context>["run"],
  when: (context: Context) => boolean = () => true,
): KeyBinding<Context> {
  return { keys: keys.split(" ") as [KeyName, ...KeyName[]], title, help, when, run };
}

/** The same, left out of the footer. */
export function quietKey<Context>(...about: Parameters<typeof key<Context>>): KeyBinding<Context> {
  return { ...key(...about), quiet: true };
}

/** Keys of a terminal as Ink tells them. */
export interface PressedKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
}

const named: readonly (readonly [keyof PressedKey, KeyName])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["tab", "tab"],
  ["backspace", "backspace"],
  ["delete", "delete"],
];

/** The name of a pressed key; `undefined` for what is no key of the console, such as several characters at once. */
export function keyName(input: string, key: PressedKey): KeyName | undefined {
  const special = named.find(([flag]) => key[flag])?.[1];
  const base = special ?? (input === " " ? "space" : input);
  if (base === "" || (special === undefined && base !== "space" && [...base].length !== 1)) return undefined;
  const shift = key.shift && special !== undefined ? "shift+" : "";
  return `${key.ctrl ? "ctrl+" : ""}${key.meta && special !== "escape" ? "alt+" : ""}${shift}${base}`;
}

const controls: Readonly<Record<string, KeyName>> = {
  " ": "space",
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x1b": "escape",
};

/** The names of keys that were typed faster than they are read, and so came as one text. */
export function keysOf(input: string): KeyName[] {
  return [...input].flatMap((character) => {
    if (controls[character]) return controls[character];
    const code = character.codePointAt(0)!;
    if (code >= 32) return character;
    return code > 0 && code <= 26 ? `ctrl+${String.fromCodePoint(code + 96)}` : [];
  });
}

/** The binding of a key, if it does something now. */
export function bindingOf<C>(bindings: readonly KeyBinding<C>[], key: KeyName, context: C): KeyBinding<C> | undefined {
  return bindings.find((binding) => binding.keys.includes(key) && (binding.when?.(context) ?? true));
}

const shown: Readonly<Record<KeyName, readonly [unicode: string, ascii: string]>> = {
  up: ["↑", "up"],
  down: ["↓", "down"],
  left: ["←", "left"],
  right: ["→", "right"],
  enter: ["enter", "enter"],
  escape: ["esc", "esc"],
  pageup: ["pgup", "pgup"],
  pagedown: ["pgdn", "pgdn"],
};

/** A key as people read it: `↑`, `ctrl-p`. */
export function keyInWords(key: KeyName, ascii: boolean): string {
  return shown[key]?.[ascii ? 1 : 0] ?? key.replaceAll("+", (sign, at) => (at === key.length - 1 ? sign : "-"));
}
