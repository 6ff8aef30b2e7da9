import { constants } from "node:os";
import { EXIT } from "../../core/errors.ts";
import { sameStore } from "../../core/places.ts";
import type { ConsoleOptions } from "../app/console.tsx";
import { connectServices } from "../services/client.ts";
import { startSweep } from "../services/sweepProcess.ts";
import { consoleBundle } from "./bundle.ts";
import type { ConsoleFlags } from "./flags.ts";

/** Opens the console on the terminal; resolves to the exit code. A fault is told in one line, after the terminal is as before. */
export async function openConsole(flags: ConsoleFlags): Promise<number> {
  try {
    const { runConsole } = await load();
    const { words, signal } = await runConsole(optionsFor(flags));
    if (words) process.stdout.write(`${words}\n`);
    return signal ? 128 + constants.signals[signal] : EXIT.ok;
  } catch (fault) {
    const { message, stack } = fault instanceof Error ? fault : new Error(String(fault));
    const help = process.env.LAB_DEBUG ? stack : "this is a fault of the lab; LAB_DEBUG=1 shows where";
    process.stderr.write(`lab: the console ended: ${message.split("\n", 1)[0]}\n  ${help}\n`);
    return EXIT.fault;
  }
}

/** The console in one file; where none can be made, as where nothing may be written, its sources, which load slowly. */
async function load(): Promise<typeof import("../app/console.tsx")> {
  const bundle = await consoleBundle().catch(() => undefined);
  if (bundle !== undefined) return import(bundle);
  process.env.NODE_ENV ??= "production";
  const { register } = await import("tsx/esm/api");
  register();
  return import("../app/console.tsx");
}

function optionsFor(flags: ConsoleFlags): ConsoleOptions {
  const { stdout, env } = process;
  const services = connectServices(flags);
  return {
    colour: !env.NO_COLOR && env.TERM !== "dumb",
    ascii:
      (flags.ascii ?? false) ||
      env.TERM === "dumb" ||
      !/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "utf8"),
    screenReader: flags.screenReader ?? env.INK_SCREEN_READER === "true",
    first: "compose",
    around: {
      services,
      sameStore: sameStore(flags),
      startSweep: (sweep, onEvent) => startSweep(sweep, flags, onEvent),
      // OSC 52: the terminal puts it on the clipboard, also through ssh.
      copy: (text) => stdout.write(`\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`),
      close: () => services.close(),
    },
  };
}
