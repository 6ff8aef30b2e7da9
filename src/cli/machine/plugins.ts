import type { Command } from "commander";
import type { Plugin } from "../../core/contract/index.ts";
import { EXIT } from "../../core/errors.ts";
import { loadPlugins } from "../../core/hosting/load.ts";
import { addPlugin, type Shelf } from "../../core/hosting/packages/add.ts";
import { removePlugin } from "../../core/hosting/packages/remove.ts";
import type { Entry } from "../../core/hosting/registry.ts";
import { pluginShelf } from "../../core/places.ts";
import { runCommand } from "../../core/process/command.ts";
import { drawTable } from "../../core/views/index.ts";
import type { CommonOptions } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson, printLine, terminal, warn } from "../terminal/output.ts";
import { addCheckCommand } from "./pluginCheck.ts";

const kinds = ["proxy", "load", "limiter", "model"] as const;

/** `lab plugins`: which there are, which to add or remove, and whether one keeps the contract. */
export function addPluginsCommands(program: Command, setExit: (code: number) => void): void {
  const plugins = program.command("plugins").description("list, add, remove and check plugins");
  plugins
    .command("list")
    .description("list the plugins in use")
    .action(async (_: unknown, command: Command) => setExit(await listCommand(command.optsWithGlobals())));
  plugins
    .command("add <name>")
    .description(
      "install a plugin (npm name, folder, tarball, file, or builtin:...), check it and list it in plugins.json",
    )
    .action((name: string, _: unknown, command: Command) => addCommand(name, command.optsWithGlobals()));
  plugins
    .command("remove <name>")
    .description("take a plugin out of plugins.json and delete its package from the lab's data folder")
    .action((name: string, _: unknown, command: Command) => removeCommand(name, command.optsWithGlobals()));
  addCheckCommand(plugins, setExit);
}

/** An entry that cannot be used is an error here, where the user looks for it. */
async function listCommand(options: CommonOptions): Promise<number> {
  const { file, dataDir } = pluginShelf(options);
  const registry = await loadPlugins(file, dataDir);
  const plugins = kinds.flatMap((kind) => registry.list(kind) as Entry[]).map(described);
  for (const problem of registry.problems) warn(`${file}: ${problem}`);
  const code = registry.problems.length > 0 ? EXIT.usage : EXIT.ok;
  if (options.json) {
    printJson({ file, plugins, problems: registry.problems });
    return code;
  }
  const columns = ["kind", "name", "what", "contract", "from"].map((title) => ({ title, align: "left" as const }));
  const rows = plugins.map(({ kind, id, title, apiVersion, source }) => [kind, id, title, apiVersion, source]);
  printLine(drawTable({ columns, rows }, terminal()));
  printLine(`\nlisted in ${file}`);
  return code;
}

async function addCommand(name: string, options: CommonOptions): Promise<void> {
  const shelf = pluginShelf(options);
  const { plugin, use } = await interruptible((signal) =>
    addPlugin(name, shelf, { run: runCommand, cwd: process.cwd(), signal }),
  );
  if (options.json) return printJson({ file: shelf.writeTo, added: described({ plugin, source: use }) });
  printLine(`added ${plugin.kind} ${plugin.id} (${plugin.title}) from ${use}; ${listedIn(shelf)}`);
}

async function removeCommand(name: string, options: CommonOptions): Promise<void> {
  const shelf = pluginShelf(options);
  const { use, uninstalled } = await removePlugin(name, shelf);
  if (options.json) printJson({ file: shelf.writeTo, removed: use, uninstalled });
  else printLine(`removed ${use}${uninstalled ? " and its package" : ""}; ${listedIn(shelf)}`);
}

/** Tells where the list is, also that from now on it is another one. */
function listedIn({ file, writeTo }: Shelf): string {
  return file === writeTo ? `the list is ${file}` : `the list is now ${writeTo}; the lab's own stays as it is`;
}

function described({ plugin, source }: { plugin: Plugin; source: string }) {
  const { kind, id, title, apiVersion } = plugin;
  return { kind, id, title, source, apiVersion };
}
