import type { Command } from "commander";
import { plural } from "../../core/domain/format.ts";
import { parseKnown } from "../../core/domain/levels.ts";
import { LabError } from "../../core/errors.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printData, printJson, printLine } from "../terminal/output.ts";

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
    .action(action(exportCommand));
}

async function exportCommand(flags: Flags): Promise<void> {
  const [format, { out, segments = false }] = [formatOf(flags), flags];
  if (format === "parquet" && !out && process.stdout.isTTY) {
    throw new LabError("LAB_USAGE", "parquet is nothing to be read on a terminal", { help: "name a file with --out" });
  }
  const wish = { format, segments, ...(out === undefined ? {} : { out }) };
  const { data, rows } = await inLab(flags, (lab) => lab.exchange.export(flags.sweep?.split(","), wish));
  if (out === undefined) printData(data);
  else if (flags.json) printJson({ file: out, format, rows });
  else printLine(`wrote ${plural(rows, "row")} to ${out}`);
}

function formatOf({ format, out, json }: Flags): ExportFormat {
  if (format !== undefined) return parseKnown(format, EXPORT_FORMATS, "--format");
  const ending = out?.split(".").at(-1);
  return EXPORT_FORMATS.find((one) => one === ending) ?? (json && out === undefined ? "json" : "csv");
}
