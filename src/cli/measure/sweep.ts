import type { Command } from "commander";
import type { LabEvent } from "../../core/domain/events.ts";
import { SWEEP_OPTIONS, type SweepFlags, severalLevels } from "../../core/domain/options.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import type { Engine, FinishedSweep } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { specFrom } from "../../core/experiment/flags.ts";
import { sameStore } from "../../core/places.ts";
import type { StoredSweep } from "../../core/store/store.ts";
import { trustRemarks } from "../../core/views/index.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printLine, terminal } from "../terminal/output.ts";
import { Progress, type Whole } from "../terminal/progress.ts";
import { type Steering, steeredBy } from "../terminal/steering.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";
import { chartOf, tableOf } from "../terminal/views.ts";

type Flags = SweepFlags & CommonOptions & { readonly resume?: string | true; readonly steered?: boolean };

const onePoint: SweepFlags = { cpu: "0.3" };

/** `lab sweep` and `lab run`. Both end with the exit code of what they measured. */
export function addSweepCommands(program: Command, setExit: (code: number) => void): void {
  addSweepOptions(program.command("sweep [file]"), "sweep")
    .description("measure every combination of the levels given by flags or by an experiment file")
    .option("--resume [sweep]", "go on with an interrupted sweep (the newest one unless named)")
    .option("--steered", "for programs: take commands on stdin, a JSON object a line, and stop when it ends")
    .action(async (file: string | undefined, _: unknown, command: Command) => {
      setExit(await sweepCommand(file, command.optsWithGlobals()));
    });
  addSweepOptions(program.command("run"), "run", onePoint)
    .description("measure one point: at 0.3 CPU, unless --cpu says otherwise")
    .action(async (_: unknown, command: Command) => {
      setExit(await sweepCommand(undefined, { ...onePoint, ...command.optsWithGlobals() }, requireOnePoint));
    });
}

async function sweepCommand(
  file: string | undefined,
  flags: Flags,
  check: (spec: SweepSpec) => void = () => {},
): Promise<number> {
  const engine = await openEngine(flags);
  try {
    const { spec, resume } = await wanted(engine, file, flags);
    check(spec);
    const steering = flags.steered ? steeredBy(process.stdin) : undefined;
    const sweep = await interruptible(
      (signal) =>
        measureSweep(engine, spec, { signal, flags, ...(resume ? { resume } : {}), ...(steering ? { steering } : {}) }),
      // Who steers it says by closing stdin that it is gone, unless it was detached.
      { heedReader: steering === undefined },
    );
    if (!flags.json) printSweep(engine, sweep, flags);
    return exitCodeOf(sweep);
  } finally {
    engine.close();
  }
}

async function wanted(
  engine: Engine,
  file: string | undefined,
  flags: Flags,
): Promise<{ spec: SweepSpec; resume?: string }> {
  if (flags.resume === undefined) return { spec: await specFrom(flags, file, engine.registry) };
  const stored = flags.resume === true ? newestInterrupted(engine) : engine.findSweep(flags.resume);
  return { spec: stored.spec, resume: stored.id };
}

function newestInterrupted(engine: Engine): StoredSweep {
  const interrupted = engine.store.sweeps().find(({ status }) => status === "interrupted");
  if (interrupted) return interrupted;
  throw new LabError("LAB_NO_DATA", "there is no interrupted sweep to go on with", {
    help: "name one: --resume SWEEP",
  });
}

export interface Measuring {
  readonly signal: AbortSignal;
  readonly flags: { readonly json?: boolean; readonly port?: string };
  readonly resume?: string;
  readonly steering?: Steering;
  readonly whole?: Whole;
}

/** Runs a sweep with progress on stderr and, with `--json`, events on stdout. */
export function measureSweep(
  engine: Engine,
  spec: SweepSpec,
  { signal, flags, resume, steering, whole }: Measuring,
): Promise<FinishedSweep> {
  const progress = new Progress(process.stderr, flags.json ?? false, whole);
  const print = steering?.print ?? printLine;
  const onEvent = (event: LabEvent) => {
    if (flags.json) print(JSON.stringify(event));
    progress.see(event);
  };
  const options = {
    signal: steering ? AbortSignal.any([signal, steering.signal]) : signal,
    onEvent,
    ...(steering ? { control: steering.control } : {}),
    ...(resume === undefined ? {} : { resume }),
    ...(flags.port === undefined ? {} : { proxyPort: SWEEP_OPTIONS.port.value.parse(flags.port, "--port") }),
  };
  return engine.sweep(spec, options).finally(() => progress.close());
}

function printSweep(engine: Engine, sweep: FinishedSweep, flags: CommonOptions): void {
  const records = engine.store.trials({ sweepId: sweep.id });
  printLine(tableOf(records, terminal()));
  if (new Set(records.map(({ point }) => point.cpu)).size > 1) {
    printLine(`\n${chartOf(records, { x: "cpu", y: "requestsPerSecond" }, terminal())}`);
  }
  for (const remark of trustRemarks(records)) printLine(remark);
  printLine(
    `\nsweep ${sweep.id}: ${sweep.completed} completed, ${sweep.failed} failed, stored in ${engine.store.path}`,
  );
  if (sweep.status === "interrupted")
    printLine(`interrupted; go on with: ./lab sweep --resume ${sweep.id}${sameStore(flags)}`);
}

/** The exit code of a sweep. */
export function exitCodeOf({ status, completed, failed }: FinishedSweep): number {
  if (status === "interrupted") return EXIT.interrupted;
  if (completed === 0 && failed > 0) return EXIT.nothingMeasured;
  return failed > 0 ? EXIT.someFailed : EXIT.ok;
}

function requireOnePoint(spec: SweepSpec): void {
  const several = severalLevels(spec);
  if (!several) return;
  throw new LabError("LAB_USAGE", `lab run measures one point, but ${several.flag} stands for ${several.count}`, {
    help: "give one value, or use ./lab sweep",
  });
}
