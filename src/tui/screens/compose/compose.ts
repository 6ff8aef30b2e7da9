import type { Screen } from "../screen.ts";

export const composeScreen: Screen<null> = {
  id: "compose",
  title: "Compose",
  initial: null,
  keys: [],
  lines: () => [[{ text: "Compose", style: "plain" }]],
};
