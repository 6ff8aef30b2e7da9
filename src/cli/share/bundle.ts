import type { Command } from "commander";
import { formatBytes, plural } from "../../core/domain/format.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";
import { provenanceInWords } from "../terminal/provenance.ts";

interface Flags extends CommonOptions {
  readonly sweep?: string;
  readonly note?: string;
}

/** `lab bundle` and `lab import`: sweeps with all that another machine needs to look at them, in one file. */
export function addBundleCommands(program: Command): void {
  program
    .command("bundle <file>")
    .description("write sweeps with their trials, environment and configurations to a file for others")
    .option("--sweep <ids>", "the sweeps to write (all unless given)")
    .option("--note <text>", "a line for those who read it")
    .action(action(bundleCommand));
  program
    .command("import <file>")
    .description("put the sweeps of a bundle, of ./lab bundle, into the store")
    .action(action(importCommand));
}

async function bundleCommand(file: string, flags: Flags): Promise<void> {
  const done = await inLab(flags, (lab) => lab.exchange.bundle(file, flags.sweep?.split(","), flags.note));
  if (flags.json) return printJson({ file, ...done });
  const what = `${plural(done.sweeps, "sweep")}, ${plural(done.trials, "trial")} (${formatBytes(done.bytes)})`;
  printLine(`wrote ${what} to ${file}`);
}

async function importCommand(file: string, options: CommonOptions): Promise<void> {
  const { done, bundle } = await inLab(options, (lab) => lab.exchange.import(file));
  if (options.json) return printJson({ file, ...done });
  const known = done.known > 0 ? `, ${done.known} were there already` : "";
  printLine(`imported ${plural(done.sweeps, "sweep")}, ${plural(done.trials, "trial")}${known}`);
  for (const line of provenanceInWords(bundle)) printLine(line);
}
