import type { Command } from "commander";
import { REPORT_FORMATS, type ReportFormat } from "../../core/document/files/formats.ts";
import type { Engine } from "../../core/engine.ts";
import { LabError } from "../../core/errors.ts";
import type { StoredSweep } from "../../core/store/store.ts";
import { formatDuration } from "../../core/views/index.ts";
import { allModels } from "../ask/question.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine } from "../terminal/output.ts";

const defaultDir = "report";

interface Flags extends CommonOptions {
  readonly out: string;
  readonly format: string;
  readonly sweep?: string;
  readonly models?: boolean;
}

/** `lab report`: charts, tables and answers of stored trials, to be handed on. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("write a report of stored trials: charts, observations, models, and what they rest on")
    .option("--out <folder>", "folder to write to", defaultDir)
    .option("--format <names>", `any of ${REPORT_FORMATS.join(", ")}`, "html")
    .option("--sweep <ids>", "the sweeps to report (those of the newest study, else the newest sweep)")
    .option("--no-models", "leave the prediction models out, which take a while to compare")
    .action(async (_: unknown, command: Command) => reportCommand(command.optsWithGlobals<Flags>()));
}

async function reportCommand(flags: Flags): Promise<void> {
  const wanted = flags.format.split(",").map(formatOf);
  const engine = await openEngine(flags);
  try {
    const files = await report(engine, sweepsOf(engine, flags.sweep), { ...flags, formats: wanted });
    if (flags.json) printJson({ files });
    else printFiles(files);
  } finally {
    engine.close();
  }
}

export interface Reporting {
  readonly out: string;
  readonly formats: readonly ReportFormat[];
  readonly models?: boolean;
  readonly json?: boolean;
}

/** Writes a report of sweeps; the code that draws is loaded here, since other commands have no use for it. */
export async function report(engine: Engine, sweeps: readonly StoredSweep[], wish: Reporting): Promise<string[]> {
  const records = sweeps.flatMap(({ id }) => engine.store.trials({ sweepId: id }));
  if (records.length === 0) throw new LabError("LAB_NO_DATA", "there are no trials to report", { help: "./lab study" });
  const [{ buildReport }, { writeReport }] = await Promise.all([
    import("../../core/document/build.ts"),
    import("../../core/document/files/write.ts"),
  ]);
  const steps = new Steps(wish.json ?? false);
  try {
    const models = wish.models === false ? [] : allModels(engine);
    const document = await buildReport({ sweeps, records, models, onStep: steps.tell });
    return await writeReport(document, wish.out, wish.formats, steps.tell);
  } finally {
    steps.close();
  }
}

export function printFiles(files: readonly string[]): void {
  const [first, ...others] = files;
  printLine(`wrote ${first}${others.length > 0 ? ` and ${others.length} more files` : ""}`);
}

/** Sweeps in order of time: those named, else of the newest study, else the newest one. Throws LAB_NO_DATA. */
export function sweepsOf(engine: Engine, ids: string | undefined): StoredSweep[] {
  if (ids !== undefined) return ids.split(",").map((id) => engine.findSweep(id));
  const sweeps = engine.store.sweeps();
  const study = sweeps.find(({ spec }) => spec.study)?.spec.study;
  if (study) return sweeps.filter(({ spec }) => spec.study?.id === study.id).reverse();
  return [engine.findSweep()];
}

function formatOf(name: string): ReportFormat {
  const format = REPORT_FORMATS.find((one) => one === name.trim());
  if (format) return format;
  throw new LabError("LAB_USAGE", `--format: there is no "${name}"`, {
    help: `choose from: ${REPORT_FORMATS.join(", ")}`,
  });
}

/** What is being done, with the time left of it, on a terminal only. */
class Steps {
  readonly #quiet: boolean;
  #what = "";
  #begun = 0;

  constructor(quiet: boolean) {
    this.#quiet = quiet || !process.stderr.isTTY;
  }

  readonly tell = (what: string, share: number): void => {
    if (this.#quiet) return;
    if (what !== this.#what) this.#begun = performance.now();
    this.#what = what;
    const elapsed = (performance.now() - this.#begun) / 1000;
    const left = share > 0 && elapsed > 1 ? `, ${formatDuration((elapsed / share) * (1 - share))} left` : "";
    process.stderr.write(`\r\x1b[2K${what}, ${Math.round(100 * share)} %${left}`);
  };

  close(): void {
    if (!this.#quiet) process.stderr.write("\r\x1b[2K");
  }
}
