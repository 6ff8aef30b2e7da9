import type { Command } from "commander";
import { parseKnown } from "../../core/domain/levels.ts";
import { REPORT_FORMATS } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson } from "../terminal/output.ts";
import { addRawOption, type RawFlag } from "../terminal/rawOption.ts";
import { printFiles, withSteps } from "../terminal/reporting.ts";

interface Flags extends CommonOptions, RawFlag {
  readonly out: string;
  readonly format: string;
  readonly sweep?: string;
  readonly models?: boolean;
}

/** `lab report`: charts, tables and answers of stored trials, to be handed on. */
export function addReportCommand(program: Command): void {
  addRawOption(program.command("report"))
    .description("write a report of stored trials: charts, observations, models, and what they rest on")
    .option("--out <folder>", "folder to write to", "report")
    .option("--format <names>", `any of ${REPORT_FORMATS.join(", ")}`, "html")
    .option("--sweep <ids>", "the sweeps to report (those of the newest study, else the newest sweep)")
    .option("--no-models", "leave the prediction models out, which take a while to compare")
    .action(action(reportCommand));
}

async function reportCommand({ out, format, sweep, models = true, raw, ...options }: Flags): Promise<void> {
  const formats = format.split(",").map((name) => parseKnown(name.trim(), REPORT_FORMATS, "--format"));
  const files = await inLab(options, (lab) => {
    const sweeps = sweep === undefined ? lab.study.newestOrSweep() : lab.store.these(sweep.split(","));
    return withSteps(options.json, (onStep) => lab.exchange.report(sweeps, { out, formats, models, onStep, raw }));
  });
  if (options.json) printJson({ files });
  else printFiles(files);
}
