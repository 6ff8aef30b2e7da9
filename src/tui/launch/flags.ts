import { parseArgs } from "node:util";
import type { Named } from "../../core/places.ts";

export interface ConsoleFlags extends Named {
  readonly ascii?: boolean;
  readonly screenReader?: boolean;
}

/**
 * What a command line says to the console; `undefined` where it is not for the console. On a terminal the console is what
 * opens without a command.
 */
export function consoleFlags(args: readonly string[], terminal: boolean): ConsoleFlags | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: "string" },
        plugins: { type: "string" },
        ascii: { type: "boolean" },
        "screen-reader": { type: "boolean" },
      },
    });
    const { "screen-reader": screenReader, ...flags } = values;
    const wanted = terminal && ["", "console"].includes(positionals.join(" "));
    return wanted ? { ...flags, ...(screenReader ? { screenReader } : {}) } : undefined;
  } catch {
    return undefined; // options of other commands, and mistakes: the command line says what is wrong with them
  }
}
