import type { Command } from "commander";
import { type SweepFlags, severalLevels } from "../../core/domain/options.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import type { Engine, FinishedSweep } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { specFrom } from "../../core/experiment/flags.ts";
import { type Floor, floorOf } from "../../core/plan/floor.ts";
import { drawTable, floorTable } from "../../core/views/index.ts";
import { howItFailed, thresholdInWords } from "../../core/words/memory.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";
import { measureSweep } from "./sweep.ts";

type Flags = SweepFlags & CommonOptions & { readonly proxy?: string };

/** Short windows: whether a proxy holds a load shows soon. */
const defaults: SweepFlags = { cpu: "0.5", window: "3s", maxWindow: "3s", warmup: "1s" };

/** `lab floor`: the least memory under which a proxy starts and holds the load. */
export function addFloorCommand(program: Command, setExit: (code: number) => void): void {
  addSweepOptions(program.command("floor"), "floor", defaults)
    .description("find the least memory under which a proxy starts and holds the load, and how it fails below")
    .addHelpText("after", "\n--memory is what it looks for.")
    .action(async (_: unknown, command: Command) => setExit(await floorCommand(command.optsWithGlobals<Flags>())));
}

async function floorCommand(flags: Flags): Promise<number> {
  if (flags.memory !== undefined) {
    throw new LabError("LAB_USAGE", "--memory: floor looks for the memory limit itself", { help: "leave it out" });
  }
  const engine = await openEngine(flags);
  try {
    const spec = await specOf(engine, flags);
    const sweep = await interruptible((signal) =>
      measureSweep(engine, spec, { signal, flags: { ...flags, json: false } }),
    );
    const records = engine.store.trials({ sweepId: sweep.id });
    const floor = floorOf(records);
    const settings = engine.registry.get("proxy", spec.proxies[0]!).plugin.memorySettings ?? [];
    if (flags.json) printJson(asJson(sweep, floor, settings));
    else printFloor(records, floor, settings);
    return exitCodeOf(sweep, floor);
  } finally {
    engine.close();
  }
}

/** One point. */
async function specOf(engine: Engine, flags: Flags): Promise<SweepSpec> {
  if (flags.proxy === undefined) {
    throw new LabError("LAB_USAGE", "floor needs a proxy", { help: "such as ./lab floor --proxy haproxy" });
  }
  const spec = await specFrom({ ...defaults, ...flags }, undefined, engine.registry);
  if (severalLevels(spec) === undefined) {
    return { ...spec, title: `memory floor of ${spec.proxies[0]}`, plan: "floor", anchors: 0 };
  }
  throw new LabError("LAB_USAGE", "floor looks at one proxy at one setting", { help: "give one value of each option" });
}

function printFloor(records: readonly TrialRecord[], floor: Floor, settings: readonly string[]): void {
  printLine(drawTable(floorTable(records), terminal()));
  const proxy = records[0]?.point.proxy ?? "the proxy";
  const { reference, holdsBytes, failsBytes, failure } = floor;
  if (holdsBytes === undefined) {
    printLine(`\nno memory floor found: ${reference?.error?.message ?? "no limit held the load"}`);
    return;
  }
  const below = failsBytes !== undefined && failure && { failsBytes, failure: howItFailed(failure, reference) };
  printLine(`\n${thresholdInWords({ proxy, holdsBytes, ...below })}`);
  for (const setting of settings) printLine(`  ${setting}`);
}

function asJson({ id, status }: FinishedSweep, { reference, failure, ...floor }: Floor, settings: readonly string[]) {
  return {
    sweepId: id,
    status,
    ...floor,
    ...(failure ? { failure: howItFailed(failure, reference) } : {}),
    ...(reference?.usage?.memoryPeakBytes === undefined ? {} : { unlimitedPeakBytes: reference.usage.memoryPeakBytes }),
    settings,
  };
}

function exitCodeOf({ status }: FinishedSweep, { holdsBytes }: Floor): number {
  if (status === "interrupted") return EXIT.interrupted;
  return holdsBytes === undefined ? EXIT.nothingMeasured : EXIT.ok;
}
