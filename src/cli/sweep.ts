import type { Command } from "commander";
import type { Engine, FinishedSweep } from "../core/engine.ts";
import { EXIT, LabError } from "../core/errors.ts";
import type { SweepFlags } from "../core/experiment/arguments.ts";
import { specFrom } from "../core/experiment/flags.ts";
import { parseCount } from "../core/experiment/levels.ts";
import type { LabEvent } from "../core/records/events.ts";
import type { SweepSpec } from "../core/records/spec.ts";
import { trustRemarks } from "../core/report/index.ts";
import { type CommonOptions, openEngine } from "./context.ts";
import { interruptible } from "./interrupt.ts";
import { printLine, terminal } from "./output.ts";
import { Progress, type Whole } from "./progress.ts";
import { type Steering, steeredBy } from "./steering.ts";
import { addSweepOptions } from "./sweepOptions.ts";
import { chartOf, tableOf } from "./views.ts";

type Flags = SweepFlags & CommonOptions & { readonly resume?: string | true; readonly steered?: boolean };

/** `lab sweep` and `lab run`. Both end with the exit code of what they measured. */
export function addSweepCommands(program: Command, setExit: (code: number) => void): void {
  addSweepOptions(program.command("sweep [file]"))
    .description("measure every combination of the levels given by flags or by an experiment file")
    .option("--replicates <number>", "measure each point this often")
    .option("--anchors <number>", "trials added to repeat points over the time of the sweep: 6, or 0 with replicates")
    .option("--plan <name>", "grid: every combination; adaptive: CPU levels where they tell most")
    .option("--trials <number>", "number of trials of an adaptive plan")
    .option("--until <share>", "end an adaptive plan once the curve between its levels is known so well: 5%")
    .option("--budget <time>", "begin no further trial after this time: 10m")
    .option("--quick", "the short variant of an experiment file: its section quick")
    .option("--resume [sweep]", "go on with an interrupted sweep (the newest one unless named)")
    .option("--steered", "for programs: take commands on stdin, a JSON object a line, and stop when it ends")
    .action(async (file: string | undefined, _: unknown, command: Command) => {
      setExit(await sweepCommand(file, command.optsWithGlobals()));
    });
  addSweepOptions(program.command("run"))
    .description("measure one point")
    .action(async (_: unknown, command: Command) => {
      setExit(
        await sweepCommand(undefined, { load: "wrk", cpu: "0.3", ...command.optsWithGlobals() }, requireOnePoint),
      );
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
    if (!flags.json) printSweep(engine, sweep);
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
  const stored = engine.findSweep(flags.resume === true ? undefined : flags.resume);
  return { spec: stored.spec, resume: stored.id };
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
    ...(flags.port === undefined ? {} : { proxyPort: parseCount(flags.port, "--port") }),
  };
  return engine.sweep(spec, options).finally(() => progress.close());
}

function printSweep(engine: Engine, sweep: FinishedSweep): void {
  const records = engine.store.trials({ sweepId: sweep.id });
  printLine(tableOf(records, terminal()));
  if (new Set(records.map(({ point }) => point.cpu)).size > 1) {
    printLine(`\n${chartOf(records, { x: "cpu", y: "requestsPerSecond" }, terminal())}`);
  }
  for (const remark of trustRemarks(records)) printLine(remark);
  printLine(
    `\nsweep ${sweep.id}: ${sweep.completed} completed, ${sweep.failed} failed, stored in ${engine.store.path}`,
  );
  if (sweep.status === "interrupted") printLine(`interrupted; go on with: ./lab sweep --resume ${sweep.id}`);
}

/** The exit code of a sweep. */
export function exitCodeOf({ status, completed, failed }: FinishedSweep): number {
  if (status === "interrupted") return EXIT.interrupted;
  if (completed === 0 && failed > 0) return EXIT.nothingMeasured;
  return failed > 0 ? EXIT.someFailed : EXIT.ok;
}

function requireOnePoint(spec: SweepSpec): void {
  const lists = { "--proxy": spec.proxies, "--load": spec.loadTools, "--limiter": spec.limiters, "--cpu": spec.cpu };
  const several = Object.entries({ ...lists, "--servers": spec.servers, "--concurrency": spec.concurrency }).find(
    ([, levels]) => levels.length !== 1,
  );
  if (!several) return;
  throw new LabError("LAB_USAGE", `lab run measures one point, but ${several[0]} stands for ${several[1].length}`, {
    help: "give one value, or use ./lab sweep",
  });
}
