import type { Command } from "commander";
import { formatDuration } from "../../core/domain/format.ts";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import type { StudyPart } from "../../core/domain/spec.ts";
import { EXIT } from "../../core/errors.ts";
import { type Lab, STUDY_PARTS, sameStore } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { exitCodeOf, inLab, telling, withProgress } from "../terminal/lab.ts";
import { type CommonOptions, printJson } from "../terminal/output.ts";
import { printFiles, withSteps } from "../terminal/reporting.ts";

interface Flags extends CommonOptions {
  readonly quick?: boolean;
  readonly resume?: boolean;
  readonly out: string;
}

/** `lab study`: all experiments of the study, one after the other, and the report. */
export function addStudyCommand(program: Command): void {
  program
    .command("study [parts...]")
    .description("run all experiments of the study and write the report")
    .option("--quick", "short windows on few levels: under 20 minutes")
    .option("--resume", "go on with the newest study")
    .option("--out <folder>", "folder for the report", "report")
    .addHelpText("after", `\nparts, all unless given: ${STUDY_PARTS.join(", ")}`)
    .action(action(studyCommand));
}

function studyCommand(names: readonly string[], flags: Flags): Promise<number> {
  return inLab(flags, async (lab) => {
    const study = flags.resume ? lab.study.newest() : lab.study.begin(flags.quick ?? false);
    const code = await runParts(lab, study, names, flags);
    if (code !== EXIT.interrupted) return conclude(lab, study, code, flags);
    say(flags, `interrupted; go on with: ./lab study --resume${sameStore(flags)}`);
    return code;
  });
}

async function runParts(lab: Lab, study: StudyPart, names: readonly string[], flags: Flags): Promise<number> {
  const sweeps = await interruptible((signal) =>
    lab.study.run(study, names, signal, ({ number, of, title, laterSeconds }, run) => {
      const part = `part ${number} of ${of}`;
      const later = laterSeconds > 0 ? `; those after it about ${formatDuration(laterSeconds)}` : "";
      say(flags, `${part}: ${title}${later}`);
      return withProgress({ ...telling(flags.json), whole: { part, laterSeconds } }, run);
    }),
  );
  return Math.max(EXIT.ok, ...sweeps.map(exitCodeOf));
}

/** Reports what was measured, be it not in all parts; the exit code of the study. */
async function conclude(lab: Lab, study: StudyPart, code: number, { out, json }: Flags): Promise<number> {
  const sweeps = lab.study.sweepsOf(study);
  const completed = (sweepId: string) => lab.store.trials({ sweepId }).some(({ status }) => status === "completed");
  if (!sweeps.some(({ id }) => completed(id))) return EXIT.nothingMeasured;
  const wish = { out, formats: ["html"], models: true } as const;
  const files = await withSteps(json, (onStep) => lab.exchange.report(sweeps, { ...wish, onStep }));
  if (json) printJson({ schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "report", files });
  else printFiles(files);
  return code === EXIT.nothingMeasured ? EXIT.someFailed : code;
}

function say({ json }: Flags, text: string): void {
  if (!json || process.stderr.isTTY) process.stderr.write(`${text}\n`);
}
