import { join } from "node:path";
import type { Command } from "commander";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import type { StudyPart, SweepSpec } from "../../core/domain/spec.ts";
import type { Engine, FinishedSweep } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { specFrom } from "../../core/experiment/flags.ts";
import { requirePrograms } from "../../core/measure/sweep/requirements.ts";
import { experimentsDir, sameStore } from "../../core/places.ts";
import { newStudyId, type OpenPart, openParts, STUDY_PARTS } from "../../core/plan/study.ts";
import type { StoredSweep } from "../../core/store/store.ts";
import { formatDuration } from "../../core/views/index.ts";
import { printFiles, report } from "../share/report.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson } from "../terminal/output.ts";
import { exitCodeOf, measureSweep } from "./sweep.ts";

interface Flags extends CommonOptions {
  readonly quick?: boolean;
  readonly resume?: boolean;
  readonly out: string;
}

/** `lab study`: all experiments of the study, one after the other, and the report. */
export function addStudyCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("study [parts...]")
    .description("run all experiments of the study and write the report")
    .option("--quick", "short windows on few levels: under 20 minutes")
    .option("--resume", "go on with the newest study")
    .option("--out <folder>", "folder for the report", "report")
    .addHelpText("after", `\nparts, all unless given: ${STUDY_PARTS.join(", ")}`)
    .action(async (parts: string[], _: unknown, command: Command) => {
      setExit(await studyCommand(parts, command.optsWithGlobals<Flags>()));
    });
}

async function studyCommand(names: readonly string[], flags: Flags): Promise<number> {
  const unknown = names.find((name) => !(STUDY_PARTS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new LabError("LAB_USAGE", `"${unknown}" is no part of the study`, {
      help: `parts: ${STUDY_PARTS.join(", ")}`,
    });
  }
  const engine = await openEngine(flags);
  try {
    const study = flags.resume ? newestStudy(engine) : { id: newStudyId(), quick: flags.quick ?? false };
    const specs = await Promise.all(
      (names.length > 0 ? names : STUDY_PARTS).map((name) => partSpec(engine, name, study)),
    );
    const parts = openParts(specs, engine.store.sweeps());
    const code = await interruptible(async (signal) => {
      await requireAll(engine, parts, signal);
      return runParts(engine, parts, signal, flags);
    });
    return code === EXIT.interrupted ? code : await conclude(engine, study, code, flags);
  } finally {
    engine.close();
  }
}

/** What the last part lacks is told before the first one is measured. Throws LAB_UNAVAILABLE or LAB_INTERRUPTED. */
async function requireAll({ host, registry }: Engine, parts: readonly OpenPart[], signal: AbortSignal): Promise<void> {
  for (const { spec } of parts) await requirePrograms({ host, registry: registry.until(signal), signal }, spec);
}

/** Reports what was measured, be it not in all parts; the exit code of the study. */
async function conclude(engine: Engine, { id }: StudyPart, code: number, flags: Flags): Promise<number> {
  const sweeps = engine.store.sweeps().filter(({ spec }) => spec.study?.id === id);
  const completed = (sweepId: string) => engine.store.trials({ sweepId }).some(({ status }) => status === "completed");
  if (!sweeps.some((sweep) => completed(sweep.id))) return EXIT.nothingMeasured;
  await reportStudy(engine, sweeps, flags);
  return code === EXIT.nothingMeasured ? EXIT.someFailed : code;
}

async function reportStudy(engine: Engine, sweeps: StoredSweep[], flags: Flags): Promise<void> {
  const files = await report(engine, sweeps.reverse(), {
    out: flags.out,
    formats: ["html"],
    json: flags.json ?? false,
  });
  if (flags.json) printJson({ schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "report", files });
  else printFiles(files);
}

function newestStudy(engine: Engine): StudyPart {
  const study = engine.store.sweeps().find(({ spec }) => spec.study)?.spec.study;
  if (study) return study;
  throw new LabError("LAB_NO_DATA", "there is no study to go on with", { help: "begin one: ./lab study" });
}

async function partSpec(engine: Engine, name: string, study: StudyPart): Promise<SweepSpec> {
  const spec = await specFrom({ quick: study.quick }, join(experimentsDir, `${name}.yaml`), engine.registry);
  return { ...spec, study };
}

/** Runs the parts; the time left counts those to come at the pace of those that are done. */
async function runParts(
  engine: Engine,
  parts: readonly OpenPart[],
  signal: AbortSignal,
  flags: Flags,
): Promise<number> {
  let worst: number = EXIT.ok;
  const pace = { planned: 0, taken: 0 };
  for (const [index, { spec, sweepId, seconds }] of parts.entries()) {
    const ahead = parts.slice(index + 1).reduce((sum, part) => sum + part.seconds, 0);
    const laterSeconds = ahead * (pace.planned > 0 ? pace.taken / pace.planned : 1);
    const part = `part ${index + 1} of ${parts.length}`;
    const later = laterSeconds > 0 ? `; those after it about ${formatDuration(laterSeconds)}` : "";
    say(flags, `${part}: ${spec.title}${later}`);
    const before = performance.now();
    const sweep: FinishedSweep = await measureSweep(engine, spec, {
      signal,
      flags,
      whole: { part, laterSeconds },
      ...(sweepId === undefined ? {} : { resume: sweepId }),
    });
    pace.planned += seconds;
    pace.taken += (performance.now() - before) / 1000;
    worst = Math.max(worst, exitCodeOf(sweep));
    if (sweep.status === "interrupted") {
      say(flags, `interrupted; go on with: ./lab study --resume${sameStore(flags)}`);
      return EXIT.interrupted;
    }
  }
  return worst;
}

function say({ json }: Flags, text: string): void {
  if (!json || process.stderr.isTTY) process.stderr.write(`${text}\n`);
}
