import { relative } from "node:path";
import { Argument, type Command } from "commander";
import type { PluginKind } from "../../core/contract/index.ts";
import { Lab, PLUGIN_KINDS } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";

interface Flags extends CommonOptions {
  readonly typescript?: boolean;
}

/** `lab plugins new`: for authors, a package to begin with. */
export function addNewCommand(plugins: Command): void {
  plugins
    .command("new")
    .description("make a folder lab-plugin-NAME with a plugin that works, for you to change")
    .addArgument(new Argument("<kind>").choices(PLUGIN_KINDS))
    .argument("<name>")
    .option("--typescript", "in TypeScript instead of JavaScript")
    .action(action(newCommand));
}

async function newCommand(kind: PluginKind, name: string, { typescript, json }: Flags): Promise<void> {
  const made = await Lab.plugins({}).make({ kind, name, typescript });
  if (json) return printJson(made);
  const dir = relative(process.cwd(), made.dir);
  printLine([`made ${dir}:`, ...made.files.map((file) => `  ${file}`)].join("\n"));
  printLine(`\nnext: ./lab plugins check ${dir}; ./lab plugins add ${dir}`);
}
