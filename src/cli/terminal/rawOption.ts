import type { Command } from "commander";

/** Which figures of trials a command shows or learns from. */
export interface RawFlag {
  readonly raw?: boolean;
}

/** Gives a command the choice between figures at the machine's reference speed and those that were measured. */
export function addRawOption(command: Command): Command {
  return command.option("--raw", "figures as they were measured, not at the machine's reference speed");
}
