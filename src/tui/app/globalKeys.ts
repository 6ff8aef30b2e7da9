import type { KeyBinding } from "../keys.ts";
import type { ScreenId } from "../screens/screen.ts";
import type { AnyScreen } from "./consoleState.ts";

/** What keys that work everywhere act on. */
export interface Everywhere {
  goTo(screen: ScreenId): void;
  neighbour(step: 1 | -1): void;
  openHelp(): void;
  openPalette(): void;
  leave(): void;
}

/** The keys that work on every screen. */
export function globalKeys(screens: readonly AnyScreen[]): readonly KeyBinding<Everywhere>[] {
  return [
    ...screens.map(
      ({ id, title }, index): KeyBinding<Everywhere> => ({
        keys: [String(index + 1)],
        title,
        help: `Go to the screen ${title}.`,
        quiet: true,
        run: (everywhere) => everywhere.goTo(id),
      }),
    ),
    { keys: ["tab"], title: "next", help: "Go to the next screen.", quiet: true, run: (it) => it.neighbour(1) },
    {
      keys: ["shift+tab"],
      title: "previous",
      help: "Go to the screen before.",
      quiet: true,
      run: (it) => it.neighbour(-1),
    },
    {
      keys: [":", "ctrl+p"],
      title: "command",
      help: "Find what can be done here by its name, and do it.",
      run: (it) => it.openPalette(),
    },
    { keys: ["?"], title: "help", help: "Show all keys of this screen.", run: (it) => it.openHelp() },
    {
      keys: ["q", "ctrl+c"],
      title: "leave",
      help: "Leave the console; asks first while a sweep runs.",
      run: (it) => it.leave(),
    },
  ];
}
