import { Text, useInput, usePaste, useWindowSize } from "ink";
import { keyName, keysOf } from "../keys.ts";
import { useStore } from "../store/useStore.ts";
import { paintLines } from "../text/paint.ts";
import type { Theme } from "../theme.ts";
import type { Controller } from "./controller.ts";
import { consoleLines } from "./frame.ts";

interface AppProps {
  readonly controller: Controller;
  readonly theme: Theme;
  readonly screenReader: boolean;
}

/** The console on a terminal: one text, drawn anew when the state or the size of the terminal changes. */
export function App({ controller, theme, screenReader }: AppProps) {
  const state = useStore(controller.store, (all) => all);
  const { columns: width, rows: height } = useWindowSize();
  useInput((input, key) => {
    const name = keyName(input, key);
    for (const one of name === undefined ? keysOf(input) : [name]) controller.press(one);
  });
  usePaste((text) => controller.paste(text));
  const lines = consoleLines({
    state,
    screens: controller.screens,
    bindings: state.overlay ? controller.entries() : [],
    footer: controller.footer(),
    size: { width, height },
    theme,
    screenReader,
  });
  return <Text wrap="truncate">{paintLines(lines, theme)}</Text>;
}
