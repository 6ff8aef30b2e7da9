import type { Command } from "commander";
import { Lab, type OptionSummary, type PluginSummary } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";

/** `lab plugins show`: a plugin with the options that it takes. */
export function addShowCommand(plugins: Command): void {
  plugins
    .command("show <name>")
    .description("show a plugin with the options that it takes, for plugins.json and for --option")
    .action(action(showCommand));
}

async function showCommand(name: string, options: CommonOptions): Promise<void> {
  const found = await Lab.plugins(options).named(name);
  if (options.json) printJson({ plugins: found });
  else printLine(found.map(inWords).join("\n\n"));
}

function inWords({ kind, id, title, source, options }: PluginSummary): string {
  return [`${kind} ${id}, ${title}, from ${source}`, ...optionLines(options)].join("\n");
}

function optionLines(options: readonly OptionSummary[] | undefined): string[] {
  if (options === undefined) return ["it does not declare its options: those of plugins.json are passed on unchecked"];
  if (options.length === 0) return ["it takes no options"];
  const width = Math.max(...options.map(({ name }) => name.length));
  return options.flatMap((option) => [
    `  ${option.name.padEnd(width)}  ${valueInWords(option)}`,
    `  ${" ".repeat(width)}  ${option.meaning}`,
  ]);
}

function valueInWords({ takes, set, ...option }: OptionSummary): string {
  const standard = option.default === undefined ? [] : [`${JSON.stringify(option.default)} unless set`];
  const now = set === undefined ? [] : [`now ${JSON.stringify(set)}`];
  return [takes, ...standard, ...now, ...(option.secret ? ["kept secret"] : [])].join(", ");
}
