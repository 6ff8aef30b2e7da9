import type { Command } from "commander";
import { drawTable } from "../../core/cells/table.ts";
import { type SweepFlags, severalLevels } from "../../core/domain/options.ts";
import type { SweepSpec } from "../../core/domain/spec.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import type { FinishedSweep, Lab, ProxyFloor } from "../../core/lab.ts";
import { floorTable } from "../../core/views/trialTable.ts";
import { howItFailed, thresholdInWords } from "../../core/words/memory.ts";
import { action } from "../terminal/action.ts";
import { inLab, measure } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";

type Flags = SweepFlags & CommonOptions & { readonly proxy?: string };

/** Short windows: whether a proxy holds a load shows soon. */
const defaults: SweepFlags = { plan: "grid", cpu: "0.5", window: "3s", maxWindow: "3s", warmup: "1s" };

/** `lab floor`: the least memory under which a proxy starts and holds the load. */
export function addFloorCommand(program: Command): void {
  addSweepOptions(program.command("floor"), "floor", defaults)
    .description("find the least memory under which a proxy starts and holds the load, and how it fails below")
    .addHelpText("after", "\n--memory is what it looks for.")
    .action(action(floorCommand));
}

function floorCommand(flags: Flags): Promise<number> {
  if (flags.memory !== undefined) {
    throw new LabError("LAB_USAGE", "--memory: floor looks for the memory limit itself", { help: "leave it out" });
  }
  return inLab(flags, async (lab) => {
    const spec = await specOf(lab, flags);
    const sweep = await measure(lab, spec, { port: flags.port });
    const floor = lab.analysis.floor(sweep.id, spec.proxies[0]!);
    if (flags.json) printJson(asJson(sweep, floor));
    else printFloor(floor);
    return exitCodeOf(sweep, floor);
  });
}

/** One point. */
async function specOf(lab: Lab, flags: Flags): Promise<SweepSpec> {
  if (flags.proxy === undefined) {
    throw new LabError("LAB_USAGE", "floor needs a proxy", { help: "such as ./lab floor --proxy haproxy" });
  }
  const spec = await lab.sweeps.plan({ ...defaults, ...flags });
  if (severalLevels(spec) === undefined) {
    return { ...spec, title: `memory floor of ${spec.proxies[0]}`, plan: "floor", anchors: 0 };
  }
  throw new LabError("LAB_USAGE", "floor looks at one proxy at one setting", { help: "give one value of each option" });
}

function printFloor({ records, settings, reference, holdsBytes, failsBytes, failure }: ProxyFloor): void {
  printLine(drawTable(floorTable(records), terminal()));
  const proxy = records[0]?.point.proxy ?? "the proxy";
  if (holdsBytes === undefined) {
    printLine(`\nno memory floor found: ${reference?.error?.message ?? "no limit held the load"}`);
    return;
  }
  const below = failsBytes !== undefined && failure && { failsBytes, failure: howItFailed(failure, reference) };
  printLine(`\n${thresholdInWords({ proxy, holdsBytes, ...below })}`);
  for (const setting of settings) printLine(`  ${setting}`);
}

function asJson({ id, status }: FinishedSweep, { reference, failure, settings, records: _, ...floor }: ProxyFloor) {
  return {
    sweepId: id,
    status,
    ...floor,
    ...(failure ? { failure: howItFailed(failure, reference) } : {}),
    ...(reference?.usage?.memoryPeakBytes === undefined ? {} : { unlimitedPeakBytes: reference.usage.memoryPeakBytes }),
    settings,
  };
}

function exitCodeOf({ status }: FinishedSweep, { holdsBytes }: ProxyFloor): number {
  if (status === "interrupted") return EXIT.interrupted;
  return holdsBytes === undefined ? EXIT.nothingMeasured : EXIT.ok;
}
