import type { Command } from "commander";
import { EXIT } from "../../core/errors.ts";

const codes = new WeakMap<Command, number>();

/** Does the work of a command: it gets its arguments and then its options, and may resolve to an exit code. */
export function action(work: (...given: never[]) => Promise<unknown>) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const code = await work(...([...given.slice(0, -2), command.optsWithGlobals()] as never[]));
    codes.set(rootOf(command), typeof code === "number" ? code : EXIT.ok);
  };
}

/** The exit code that the command of a program left. */
export function exitCodeLeftIn(program: Command): number {
  return codes.get(program) ?? EXIT.ok;
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
