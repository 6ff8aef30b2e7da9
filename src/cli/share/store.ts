import type { Command } from "commander";
import { formatBytes, plural } from "../../core/domain/format.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import type { PruneWish } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, warn } from "../terminal/output.ts";

interface Flags extends CommonOptions {
  readonly sweep?: string;
  readonly before?: string;
  readonly imported?: boolean;
  readonly damaged?: boolean;
  readonly yes?: boolean;
}

/** `lab store`: the file that sweeps and trials are in. */
export function addStoreCommands(program: Command): void {
  const store = program.command("store").description("look after the file that sweeps and trials are stored in");
  store.command("path").description("print where it is").action(action(pathCommand));
  store.command("check").description("read all of it, and tell what cannot be read").action(action(checkCommand));
  store
    .command("backup <file>")
    .description("copy it as a whole, also while a sweep is measured")
    .action(action(backupCommand));
  store
    .command("prune")
    .description("delete sweeps with their trials; tells only which, unless there is --yes")
    .option("--sweep <ids>", "these sweeps")
    .option("--before <date>", "sweeps that were begun before, such as 2026-01-31")
    .option("--imported", "sweeps that came in bundles")
    .option("--damaged", "what cannot be read")
    .option("--yes", "delete it")
    .action(action(pruneCommand));
}

async function pathCommand(options: CommonOptions): Promise<void> {
  const path = await inLab(options, ({ upkeep }) => upkeep.path);
  if (options.json) printJson({ path });
  else printLine(path);
}

async function checkCommand(options: CommonOptions): Promise<number> {
  const found = await inLab(options, ({ upkeep }) => upkeep.check());
  const code = found.faults.length > 0 ? EXIT.fault : EXIT.ok;
  if (options.json) {
    printJson(found);
    return code;
  }
  const { path, bytes, sweeps, imported, trials, waiting, faults } = found;
  const from = imported > 0 ? ` (${imported} imported)` : "";
  printLine(`${path}: ${formatBytes(bytes)}, ${plural(sweeps, "sweep")}${from}, ${plural(trials, "trial")}`);
  if (waiting.length > 0) printLine(`${plural(waiting.length, "trial")} beside it could not be stored yet`);
  for (const { what } of faults) printLine(what);
  printLine(
    faults.length > 0 ? `${plural(faults.length, "fault")}; ./lab store backup keeps a copy` : "all of it can be read",
  );
  return code;
}

async function backupCommand(file: string, options: CommonOptions): Promise<void> {
  const { bytes } = await inLab(options, ({ upkeep }) => upkeep.backup(file));
  if (options.json) printJson({ file, bytes });
  else printLine(`wrote ${formatBytes(bytes)} to ${file}`);
}

async function pruneCommand({ yes = false, ...flags }: Flags): Promise<void> {
  const wish = wishFrom(flags);
  const pruned = await inLab(flags, ({ upkeep }) => upkeep.prune(wish, yes));
  if (flags.json) return printJson({ ...pruned, deleted: yes });
  const { sweeps, trials, damaged } = pruned;
  for (const id of [...sweeps, ...damaged]) printLine(id);
  const rows = damaged.length > 0 ? `, ${damaged.length} that cannot be read` : "";
  printLine(`${yes ? "deleted" : "would delete"} ${plural(sweeps.length, "sweep")}, ${plural(trials, "trial")}${rows}`);
  if (!yes) warn("nothing was deleted; add --yes");
}

function wishFrom({ sweep, before, imported, damaged }: Flags): PruneWish {
  if (![sweep, before, imported, damaged].some(Boolean)) {
    throw new LabError("LAB_USAGE", "nothing to prune was named", {
      help: "one of --sweep, --before, --imported, --damaged",
    });
  }
  if (before !== undefined && Number.isNaN(Date.parse(before)))
    throw new LabError("LAB_USAGE", `--before: "${before}" is no date`, { help: "such as 2026-01-31" });
  const since = before === undefined ? undefined : new Date(before).toISOString();
  return { sweeps: sweep?.split(","), before: since, imported, damaged };
}
