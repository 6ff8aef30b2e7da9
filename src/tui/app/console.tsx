import { render } from "ink";
import { Pen } from "../../core/cells/pen.ts";
import type { ScreenId } from "../screens/screen.ts";
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

/** How the console was left. */
export interface Leaving {
  /** A line for the user to read after it. */
  readonly words?: string | undefined;
  /** The signal that ended it. */
  readonly signal?: NodeJS.Signals;
}

const framesPerSecond = 30;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Opens the console on the terminal; resolves when it was left and the terminal is as before. Rejects after a fault. */
export async function runConsole(options: ConsoleOptions): Promise<Leaving> {
  const { around, screenReader, first } = options;
  let leaving: Leaving = {};
  const leave = (how: Leaving) => {
    leaving = how;
    instance.unmount();
  };
  const controller = new Controller(screens, first, { ...around, exit: (words) => leave({ words }) });
  const app = <App controller={controller} pen={new Pen(options)} screenReader={screenReader} />;
  const instance = render(app, {
    interactive: true, // also where a variable says CI: a console is only opened on a terminal
    alternateScreen: !screenReader,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: framesPerSecond,
    isScreenReaderEnabled: screenReader,
  });
  const onSignal = (signal: NodeJS.Signals) => leave({ signal });
  const onFault = (fault: unknown) => instance.unmount(fault instanceof Error ? fault : new Error(String(fault)));
  for (const signal of signals) process.once(signal, onSignal);
  for (const fault of ["uncaughtException", "unhandledRejection"] as const) process.once(fault, onFault);
  await instance.waitUntilRenderFlush();
  const unwatch = watchStore(controller, around.services);
  const ticking = setInterval(() => controller.tick(Date.now()), 1_000);
  controller.lookAgain();
  try {
    await instance.waitUntilExit();
    return leaving;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    clearInterval(ticking);
    unwatch();
    controller.end();
    await around.close();
  }
}
