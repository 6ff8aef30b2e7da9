import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { LabError, messageOf } from "../../core/errors.ts";
import { importBundle, unpackBundle } from "../../core/store/bundle.ts";
import type { Bundle } from "../../core/store/bundleSchema.ts";
import { plural } from "../../core/views/index.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine } from "../terminal/output.ts";

/** `lab import`: puts the sweeps of a bundle into the store. */
export function addImportCommand(program: Command): void {
  program
    .command("import <file>")
    .description("put the sweeps of a bundle, of ./lab bundle, into the store")
    .action((file: string, _: unknown, command: Command) => importCommand(file, command.optsWithGlobals()));
}

async function importCommand(file: string, options: CommonOptions): Promise<void> {
  const bundle = await readBundle(file);
  const engine = await openEngine(options);
  try {
    const done = importBundle(engine.store, bundle, file);
    if (options.json) return printJson({ file, ...done });
    const known = done.known > 0 ? `, ${done.known} were there already` : "";
    printLine(`imported ${plural(done.sweeps, "sweep")}, ${plural(done.trials, "trial")}${known}`);
    for (const line of provenance(bundle)) printLine(line);
  } finally {
    engine.close();
  }
}

/** Reads a bundle from a file. Throws LAB_BUNDLE. */
export async function readBundle(file: string): Promise<Bundle> {
  const bytes = await readFile(file).catch((cause) => {
    throw new LabError("LAB_BUNDLE", `${file} cannot be read: ${messageOf(cause)}`, { help: "check the path" });
  });
  return unpackBundle(bytes, file);
}

/** Where and when the trials of a bundle were made, a line for each machine. */
export function provenance({ header, trials }: Bundle): string[] {
  const machines = Map.groupBy(trials, ({ environment: { cpuModel, cores, kernel } }) =>
    [cpuModel, `${cores} cores`, `kernel ${kernel}`].join(", "),
  );
  const lines = [...machines].map(
    ([machine, own]) => `measured ${days(own.map((one) => one.startedAt))} on ${machine}`,
  );
  return header.note === undefined ? lines : [header.note, ...lines];
}

function days(times: readonly string[]): string {
  const sorted = times.map((time) => time.slice(0, 10)).sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}
