import type { Command } from "commander";
import { LabError } from "../../core/errors.ts";
import { EXPORT_FORMATS, type ExportFormat, exportRows } from "../../core/store/export.ts";
import { SEGMENT_COLUMNS, segmentsOf, trialColumns } from "../../core/store/exportColumns.ts";
import { plural } from "../../core/views/index.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printData, printJson, printLine } from "../terminal/output.ts";
import { writeOutput } from "../terminal/writeOutput.ts";

interface Flags extends CommonOptions {
  readonly format?: string;
  readonly sweep?: string;
  readonly segments?: boolean;
  readonly out?: string;
}

/** `lab export`: stored trials as tidy data. */
export function addExportCommand(program: Command): void {
  program
    .command("export")
    .description("write trials as tidy data, a row each (docs/export.md lists the columns)")
    .option("--format <name>", `one of ${EXPORT_FORMATS.join(", ")} (by the ending of --out, else csv)`)
    .option("--segments", "a row for each part of a trial's window instead")
    .option("--sweep <ids>", "the sweeps to write (all unless given)")
    .option("--out <file>", "write to a file instead of the standard output")
    .action(async (_: unknown, command: Command) => exportCommand(command.optsWithGlobals<Flags>()));
}

async function exportCommand(flags: Flags): Promise<void> {
  const format = formatOf(flags);
  if (format === "parquet" && !flags.out && process.stdout.isTTY) {
    throw new LabError("LAB_USAGE", "parquet is nothing to be read on a terminal", { help: "name a file with --out" });
  }
  const engine = await openEngine(flags);
  try {
    const sweepIds = flags.sweep?.split(",").map((id) => engine.findSweep(id).id);
    const trials = sweepIds?.flatMap((sweepId) => engine.store.trials({ sweepId })) ?? engine.store.trials();
    if (trials.length === 0)
      throw new LabError("LAB_NO_DATA", "there are no trials", { help: "run some: ./lab sweep" });
    const segments = flags.segments ? segmentsOf(trials) : [];
    const rows = flags.segments ? segments.length : trials.length;
    const data = flags.segments
      ? await exportRows(segments, SEGMENT_COLUMNS, format)
      : await exportRows(trials, trialColumns(), format);
    if (flags.out === undefined) return printData(data);
    await writeOutput(flags.out, data);
    if (flags.json) printJson({ file: flags.out, format, rows });
    else printLine(`wrote ${plural(rows, "row")} to ${flags.out}`);
  } finally {
    engine.close();
  }
}

function formatOf({ format, out, json }: Flags): ExportFormat {
  const known = (name: string | undefined) => EXPORT_FORMATS.find((one) => one === name);
  if (format === undefined) return known(out?.split(".").at(-1)) ?? (json && out === undefined ? "json" : "csv");
  const found = known(format);
  if (found) return found;
  throw new LabError("LAB_USAGE", `--format: there is no "${format}"`, { help: `one of ${EXPORT_FORMATS.join(", ")}` });
}
