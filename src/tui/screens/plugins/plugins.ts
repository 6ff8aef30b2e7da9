import type { Screen } from "../screen.ts";

export const pluginsScreen: Screen<null> = {
  id: "plugins",
  title: "Plugins",
  initial: null,
  keys: [],
  lines: () => [[{ text: "Plugins", style: "plain" }]],
};
