import type { Command } from "commander";
import { drawTable } from "../../core/cells/table.ts";
import { byLevels, FACTORS } from "../../core/domain/factors.ts";
import { type SweepFlags, severalLevels } from "../../core/domain/options.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { LabError } from "../../core/errors.ts";
import { type FinishedSweep, type Lab, type StoredSweep, sameStore, speedBasisOf } from "../../core/lab.ts";
import { levelsAmong, usualAxes } from "../../core/views/series.ts";
import { trialTable } from "../../core/views/trialTable.ts";
import { speedFacts, speedRemarks } from "../../core/words/speed.ts";
import { trustRemarks } from "../../core/words/trust.ts";
import { action } from "../terminal/action.ts";
import { exitCodeOf, inLab, measure } from "../terminal/lab.ts";
import { type CommonOptions, printLine, terminal } from "../terminal/output.ts";
import { addRawOption, type RawFlag } from "../terminal/rawOption.ts";
import { printRounds } from "../terminal/rounds.ts";
import { steeredBy } from "../terminal/steering.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";
import { chartOf } from "../terminal/views.ts";

interface OwnFlags extends CommonOptions, RawFlag {
  readonly resume?: string | true;
  readonly imported?: boolean;
  readonly steered?: boolean;
}
type Flags = SweepFlags & OwnFlags;

const onePoint: SweepFlags = { cpu: "0.3", plan: "grid" };

/** `lab sweep` and `lab run`. Both end with the exit code of what they measured. */
export function addSweepCommands(program: Command): void {
  addRawOption(addSweepOptions(program.command("sweep [file]"), "sweep"))
    .description("measure every combination of the levels given by flags or by an experiment file")
    .option("--resume [sweep]", "go on with an interrupted sweep (the newest one unless named)")
    .option("--imported", "with --resume SWEEP: also where the sweep, and so its plan, was imported")
    .option("--steered", "for programs: take commands on stdin, a JSON object a line, and stop when it ends")
    .action(action((file: string | undefined, flags: Flags) => sweepCommand(file, flags)));
  addRawOption(addSweepOptions(program.command("run"), "run", onePoint))
    .description("measure one point: at 0.3 CPU, unless --cpu says otherwise")
    .action(action((flags: Flags) => sweepCommand(undefined, { ...onePoint, ...flags }, requireOnePoint)));
}

function sweepCommand(
  file: string | undefined,
  flags: Flags,
  check: (spec: SweepSpec) => void = () => {},
): Promise<number> {
  return inLab(flags, async (lab) => {
    const stored = sweepToResume(lab, flags);
    const spec = stored?.spec ?? (await lab.sweeps.plan(flags, file));
    check(spec);
    const steering = flags.steered ? steeredBy(process.stdin, printLine) : undefined;
    const { json, port, imported } = flags;
    const resumed = { resume: stored?.id, resumeImported: imported };
    const sweep = await measure(lab, spec, { json, port, ...resumed, steering });
    if (!json) printSweep(lab, spec, sweep, flags);
    return exitCodeOf(sweep);
  });
}

function sweepToResume(lab: Lab, { resume, option }: Flags): StoredSweep | undefined {
  if (resume === undefined) return undefined;
  if (option !== undefined)
    throw new LabError(
      "LAB_USAGE",
      "--option is for new sweeps: one that goes on keeps the options it was begun with",
      {
        help: "leave out --option, or --resume",
      },
    );
  return resume === true ? lab.sweeps.interrupted() : lab.store.find(resume);
}

function printSweep(lab: Lab, spec: SweepSpec, sweep: FinishedSweep, flags: CommonOptions & RawFlag): void {
  const records = lab.trialsOf([sweep], flags);
  if (spec.plan === "rounds") printRounds(records, spec, sweep);
  else printTrials(records);
  if (records.length === 1) for (const [name, fact] of speedFacts(records[0]!)) printLine(`${name}: ${fact}`);
  // A chart says the speed of what it shows.
  const speed = axesOf(records) ? [] : speedRemarks(speedBasisOf(records));
  for (const remark of [...speed, ...trustRemarks(records)]) printLine(remark);
  printLine(`\nsweep ${sweep.id}: ${sweep.completed} completed, ${sweep.failed} failed, stored in ${lab.store.path}`);
  if (sweep.status === "interrupted")
    printLine(`interrupted; go on with: ./lab sweep --resume ${sweep.id}${sameStore(flags)}`);
}

function printTrials(records: readonly TrialRecord[]): void {
  // In the order of their levels, not of their execution.
  printLine(drawTable(trialTable(records.toSorted(byLevels(FACTORS))), terminal()));
  const axes = axesOf(records);
  if (axes) printLine(`\n${chartOf(records, axes, terminal())}`);
}

/** What is drawn against what; `undefined` where there is one level only. */
function axesOf(records: readonly TrialRecord[]): ReturnType<typeof usualAxes> | undefined {
  const axes = usualAxes(records);
  return levelsAmong(records, axes.x).length > 1 ? axes : undefined;
}

function requireOnePoint(spec: SweepSpec): void {
  const several = severalLevels(spec);
  if (!several) return;
  throw new LabError("LAB_USAGE", `lab run measures one point, but ${several.flag} stands for ${several.count}`, {
    help: "give one value, or use ./lab sweep",
  });
}
