import { type Command, Option } from "commander";
import {
  flagOf,
  fullHelp,
  SWEEP_OPTIONS,
  type SweepCommand,
  type SweepFlags,
  type SweepOption,
  type SweepOptions,
} from "../../core/domain/options.ts";

/** Gives a command the flags that say what to measure. `own`: its defaults that are not those of a sweep. */
export function addSweepOptions(
  command: Command,
  name: SweepCommand,
  own: SweepFlags = {},
  options: SweepOptions = SWEEP_OPTIONS,
): Command {
  const defaults: Readonly<Record<string, unknown>> = own;
  for (const [id, option] of Object.entries(options)) {
    if (option.commands && !option.commands.includes(name)) continue;
    const help = defaults[id] === undefined ? fullHelp(option) : fullHelp(option, String(defaults[id]));
    const flag = `${flagOf(id, option)}${valueText(option)}`;
    if (option.value.written === "lines") command.option(flag, help, addLine);
    else if (option.bare !== undefined) command.addOption(new Option(flag, help).preset(option.bare));
    else command.option(flag, option.negated ?? help);
  }
  return command;
}

/** The value after a flag; nothing after a switch. */
function valueText({ value: { name }, bare }: SweepOption): string {
  if (name === "") return "";
  return bare === undefined ? ` <${name}>` : ` [${name}]`;
}

/** What is said by a flag that is repeated: a line for each. */
function addLine(line: string, before: string | undefined): string {
  return before === undefined ? line : `${before}\n${line}`;
}
