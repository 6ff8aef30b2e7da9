import type { Command } from "commander";
import { drawTable } from "../../core/cells/table.ts";
import { EXIT } from "../../core/errors.ts";
import { Lab, type PluginSummary } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { type CommonOptions, printJson, printLine, terminal, warn } from "../terminal/output.ts";
import { addCheckCommand } from "./pluginCheck.ts";
import { addNewCommand } from "./pluginNew.ts";
import { addPlanCommand } from "./pluginPlan.ts";
import { addShowCommand } from "./pluginShow.ts";

/** `lab plugins`: which there are, which to add or remove, and whether one keeps the contract. */
export function addPluginsCommands(program: Command): void {
  const plugins = program.command("plugins").description("list, add and remove plugins; make and check your own");
  plugins.command("list").description("list the plugins in use").action(action(listCommand));
  addShowCommand(plugins);
  plugins
    .command("add <name>")
    .description(
      "install a plugin (npm name, folder, tarball, file, or builtin:...), check it and list it in plugins.json",
    )
    .action(action(addCommand));
  plugins
    .command("remove <name>")
    .description("take a plugin out of plugins.json; with the last one of a package goes what was installed of it")
    .action(action(removeCommand));
  addCheckCommand(plugins);
  addPlanCommand(plugins);
  addNewCommand(plugins);
}

/** An entry that cannot be used is an error here, where the user looks for it. */
async function listCommand(options: CommonOptions): Promise<number> {
  const { file, plugins: found, problems } = await Lab.plugins(options).list();
  const plugins = found.map((plugin) => ({
    ...described(plugin),
    ...(plugin.options === undefined && { declaresOptions: false }),
  }));
  const undeclared = found.filter(({ options }) => options === undefined).map(({ id }) => id);
  for (const problem of problems) warn(`${file}: ${problem}`);
  const code = problems.length > 0 ? EXIT.usage : EXIT.ok;
  if (options.json) {
    printJson({ file, plugins, problems });
    return code;
  }
  const columns = ["kind", "name", "what", "from"].map((title) => ({ title, align: "left" as const }));
  const rows = plugins.map(({ kind, id, title, source }) => [kind, id, title, source]);
  printLine(drawTable({ columns, rows }, terminal()));
  printLine(`\nlisted in ${file}`);
  if (undeclared.length > 0)
    printLine(`written for contract 1, which has no options that are declared and checked: ${undeclared.join(", ")}`);
  return code;
}

async function addCommand(name: string, options: CommonOptions): Promise<void> {
  const { plugin, use, ...list } = await interruptible((signal) => Lab.plugins(options).add(name, signal));
  if (options.json) return printJson({ file: list.file, added: described({ ...plugin, source: use }) });
  printLine(`added ${plugin.kind} ${plugin.id} (${plugin.title}) from ${use}; ${listedIn(list)}`);
}

async function removeCommand(name: string, options: CommonOptions): Promise<void> {
  const { use, as, uninstalled, ...list } = await Lab.plugins(options).remove(name);
  if (options.json) return printJson({ file: list.file, removed: use, ...(as.length > 0 ? { as } : {}), uninstalled });
  const what = as.length > 0 ? `${as.join(" and ")} (${use})` : use;
  printLine(`removed ${what}${uninstalled ? " and its package" : ""}; ${listedIn(list)}`);
}

/** Tells where the list is, also that from now on it is another one. */
function listedIn({ file, before }: { readonly file: string; readonly before: string }): string {
  return file === before ? `the list is ${file}` : `the list is now ${file}; the lab's own stays as it is`;
}

function described({ kind, id, title, source, apiVersion }: Omit<PluginSummary, "options">) {
  return { kind, id, title, source, apiVersion };
}
