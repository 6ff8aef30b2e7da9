import type { Command } from "commander";
import type { CapacityAnswer, SearchQuestion } from "../../core/answer/index.ts";
import { drawTable } from "../../core/cells/table.ts";
import { type SweepFlags, severalLevels } from "../../core/domain/options.ts";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import type { ServiceGoal } from "../../core/domain/spec.ts";
import { LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { capacityTable } from "../../core/views/trialTable.ts";
import { capacityInWords } from "../../core/words/search.ts";
import { rateVerificationInWords } from "../../core/words/verification.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { inLab, telling, withProgress } from "../terminal/lab.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import {
  addSearchOptions,
  proxyPortOf,
  SEARCH_DEFAULTS,
  SEARCH_OPTIONS,
  type SearchFlags,
  searchExitCode,
  serviceGoalOf,
  sureOf,
} from "../terminal/searchOptions.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";

const defaults: SweepFlags = { ...SEARCH_DEFAULTS, rate: "50..50000" };
const { default: _, ...cpu } = SEARCH_OPTIONS.cpu;
const options = {
  ...SEARCH_OPTIONS,
  cpu: { ...cpu, help: "the CPU limit, in cores: 0.2" },
  rate: { ...SEARCH_OPTIONS.rate, help: "range of rates that it searches, in requests/s" },
};
const help = "such as ./lab capacity --proxy haproxy --cpu 0.2 --p99 20ms";

/** `lab capacity`: the highest rate that a proxy serves at a latency under a CPU limit, found and proved. */
export function addCapacityCommand(program: Command): void {
  const command = addSweepOptions(program.command("capacity"), "capacity", defaults, options).description(
    "find the highest rate that a proxy serves at a latency under a CPU limit, and prove it",
  );
  addSearchOptions(command).action(action(capacityCommand));
}

function capacityCommand(flags: SearchFlags): Promise<number> {
  return inLab(flags, async (lab) => {
    const question = await questionOf(lab, flags);
    const found = await interruptible((signal) =>
      withProgress(telling(flags.json), (onEvent) =>
        lab.answers.capacity(question, { signal, onEvent, ...proxyPortOf(flags) }),
      ),
    );
    if (flags.json) printJson(asJson(found));
    else print(found, question.spec.goal!);
    return searchExitCode(found);
  });
}

/** One proxy at one setting, between two rates. Throws LAB_USAGE. */
async function questionOf(lab: Lab, flags: SearchFlags): Promise<SearchQuestion> {
  const { cpu, p99, verify, proxy, rate = defaults.rate! } = flags;
  if (proxy === undefined) throw new LabError("LAB_USAGE", "capacity needs a proxy", { help });
  if (cpu === undefined) throw new LabError("LAB_USAGE", "capacity needs a CPU limit: --cpu", { help });
  if (p99 === undefined) throw new LabError("LAB_USAGE", "say what is wanted: --p99", { help });
  const [goal, confidence] = [serviceGoalOf(p99, flags), sureOf(flags)];
  const spec = await lab.sweeps.planOpenLoop({ ...defaults, ...flags });
  if (spec.requestsPerSecond.length < 2)
    throw new LabError("LAB_USAGE", `--rate: "${rate}" is not a range such as ${defaults.rate}`);
  const several = severalLevels({ ...spec, requestsPerSecond: [] });
  if (several)
    throw new LabError("LAB_USAGE", `${several.flag}: capacity takes one value, not ${several.count}`, { help });
  const requestsPerSecond = [Math.min(...spec.requestsPerSecond), Math.max(...spec.requestsPerSecond)];
  const title = `capacity of ${proxy}`;
  return { spec: { ...spec, requestsPerSecond, title, plan: "capacity", goal, anchors: 0 }, confidence, verify };
}

function print(found: CapacityAnswer, goal: ServiceGoal): void {
  const { goals, records, answer } = found;
  printLine(drawTable(capacityTable(records, goal), terminal()));
  printLine(`\n${capacityInWords(found).join("\n")}`);
  if (answer?.verification) printLine(rateVerificationInWords(goals, answer.verification).join("\n"));
}

function asJson({ records: __, found: ___, answer, ...about }: CapacityAnswer) {
  const head = { schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "capacity" };
  return { ...head, ...about, ...answer };
}
