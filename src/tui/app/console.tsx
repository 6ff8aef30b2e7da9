import { render } from "ink";
import type { ScreenId } from "../screens/screen.ts";
import { themeFor } from "../theme.ts";
import { App } from "./App.tsx";
import { Controller, type Surroundings } from "./controller.ts";
import { screens } from "./screens.ts";
import { watchStore } from "./watch.ts";

export interface ConsoleOptions {
  readonly colour: boolean;
  readonly ascii: boolean;
  readonly screenReader: boolean;
  readonly first: ScreenId;
  readonly around: Omit<Surroundings, "exit"> & { close(): Promise<unknown> };
}

const framesPerSecond = 30;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Opens the console on the terminal; resolves when it was left, with a line to print after it. */
export async function runConsole(options: ConsoleOptions): Promise<string | undefined> {
  const { around, theme, screenReader } = { ...options, theme: themeFor(options) };
  let lastWords: string | undefined;
  const exit = (words?: string) => {
    lastWords = words;
    instance.unmount();
  };
  const controller = new Controller(screens, options.first, { ...around, exit });
  const instance = render(<App controller={controller} theme={theme} screenReader={screenReader} />, {
    alternateScreen: !screenReader,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: framesPerSecond,
    isScreenReaderEnabled: screenReader,
  });
  const end = () => exit();
  for (const signal of signals) process.once(signal, end);
  await instance.waitUntilRenderFlush();
  const unwatch = watchStore(controller, around.services);
  const ticking = setInterval(() => controller.tick(Date.now()), 1_000);
  controller.lookAgain();
  try {
    await instance.waitUntilExit();
    return lastWords;
  } finally {
    for (const signal of signals) process.off(signal, end);
    clearInterval(ticking);
    unwatch();
    controller.end();
    await around.close();
  }
}
