import type { Screen } from "../screen.ts";

export const runScreen: Screen<null> = {
  id: "run",
  title: "Run",
  initial: null,
  keys: [],
  lines: () => [[{ text: "Run", style: "plain" }]],
};
