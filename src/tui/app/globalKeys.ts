import { type KeyBinding, key, quietKey } from "../keys.ts";
import type { ScreenId } from "../screens/screen.ts";
import { type AnyScreen, emptyPalette, type Overlay } from "./consoleState.ts";

/** What keys that work everywhere act on. */
export interface Everywhere {
  goTo(screen: ScreenId): void;
  neighbour(step: 1 | -1): void;
  show(overlay: Overlay): void;
  leave(): void;
}

/** The keys that work on every screen. */
export function globalKeys(screens: readonly AnyScreen[]): readonly KeyBinding<Everywhere>[] {
  return [
    ...screens.map(({ id, title }, index) =>
      quietKey<Everywhere>(String(index + 1), title, `Go to the screen ${title}.`, (it) => it.goTo(id)),
    ),
    quietKey("tab", "next", "Go to the next screen.", (it) => it.neighbour(1)),
    quietKey("shift+tab", "previous", "Go to the screen before.", (it) => it.neighbour(-1)),
    key(": ctrl+p", "command", "Find what can be done here by its name, and do it.", (it) => it.show(emptyPalette)),
    key("?", "help", "Show all keys of this screen.", (it) => it.show({ kind: "help", top: 0 })),
    key("q ctrl+c", "leave", "Leave the console; asks first while a sweep runs.", (it) => it.leave()),
  ];
}
