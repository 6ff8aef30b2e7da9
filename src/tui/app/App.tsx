import { Box, Text, useCursor, useInput, usePaste, useWindowSize } from "ink";
import { memo, useSyncExternalStore } from "react";
import { caretOf, paintLine } from "../../core/cells/line.ts";
import type { Pen } from "../../core/cells/pen.ts";
import { keyName, keysOf } from "../keys.ts";
import type { Controller } from "./controller.ts";
import { consoleLines } from "./frame.ts";

interface AppProps {
  readonly controller: Controller;
  readonly pen: Pen;
  readonly screenReader: boolean;
}

/**
 * The console on a terminal, drawn anew when the state or the size of the terminal changes: a text for each row, as Ink keeps
 * the measures of the last thousands of texts, whole screens among them.
 */
export function App({ controller, pen, screenReader }: AppProps) {
  const state = useSyncExternalStore(controller.store.subscribe, controller.store.get);
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
    pen,
    screenReader,
  });
  const { setCursorPosition } = useCursor();
  setCursorPosition(caretOf(lines));
  // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
  const rows = lines.map((line, row) => <Row key={row} text={paintLine(line, pen.colour, "gray")} />);
  return <Box flexDirection="column">{rows}</Box>;
}

/** Drawn anew only when its text changes. An empty one takes a row too. */
const Row = memo(({ text }: { readonly text: string }) => <Text wrap="truncate">{text || " "}</Text>);
