import type { ConsoleOptions } from "../app/console.tsx";
import { connectServices } from "../services/client.ts";
import { startSweep } from "../services/sweepProcess.ts";
import { consoleBundle } from "./bundle.ts";
import type { ConsoleFlags } from "./flags.ts";

/** Opens the console on the terminal; resolves to the exit code. */
export async function openConsole(flags: ConsoleFlags): Promise<number> {
  const { stdout, env } = process;
  const { runConsole } = (await import(await consoleBundle())) as typeof import("../app/console.tsx");
  const services = connectServices(flags);
  const options: ConsoleOptions = {
    colour: !env.NO_COLOR && env.TERM !== "dumb",
    ascii: (flags.ascii ?? false) || !/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ""),
    screenReader: flags.screenReader ?? env.INK_SCREEN_READER === "true",
    first: "compose",
    around: {
      services,
      startSweep: (sweep, onEvent) => startSweep(sweep, flags, onEvent),
      // OSC 52: the terminal puts it on the clipboard, also through ssh.
      copy: (text) => stdout.write(`\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`),
      close: () => services.close(),
    },
  };
  const lastWords = await runConsole(options);
  if (lastWords) stdout.write(`${lastWords}\n`);
  return 0;
}
