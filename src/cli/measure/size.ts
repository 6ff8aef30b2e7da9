import type { Command } from "commander";
import { type SearchQuestion, type SizeAnswer, searchWindow } from "../../core/answer/index.ts";
import { drawTable } from "../../core/cells/table.ts";
import { parsePositive } from "../../core/domain/levels.ts";
import { severalLevels } from "../../core/domain/options.ts";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import type { ServiceGoal } from "../../core/domain/spec.ts";
import { LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { sizeTable } from "../../core/views/trialTable.ts";
import { deployment, pasteInWords } from "../../core/words/deploy.ts";
import { sizeInWords } from "../../core/words/search.ts";
import { verificationInWords } from "../../core/words/verification.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { inLab, telling, withProgress } from "../terminal/lab.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import {
  addSearchOptions,
  proxyPortOf,
  SEARCH_OPTIONS,
  type SearchFlags,
  SIZE_DEFAULTS,
  searchExitCode,
  serviceGoalOf,
  sureOf,
} from "../terminal/searchOptions.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";

interface Flags extends SearchFlags {
  readonly rps?: string;
}

/** The rate is the question's own. */
const { rate: _, ...options } = SEARCH_OPTIONS;
const help = "such as ./lab size --proxy haproxy --rps 2000 --p99 20ms";

/** `lab size`: the least CPU limit at which a proxy serves a rate at a latency, found and proved. */
export function addSizeCommand(program: Command): void {
  const command = addSweepOptions(program.command("size"), "size", SIZE_DEFAULTS, options)
    .description("find the least CPU limit at which a proxy serves a rate at a latency, and prove it")
    .option("--rps <number>", "requests/s that come");
  addSearchOptions(command).addHelpText("after", "\n--cpu is the range that it searches.").action(action(sizeCommand));
}

function sizeCommand(flags: Flags): Promise<number> {
  return inLab(flags, async (lab) => {
    const question = await questionOf(lab, flags);
    const found = await interruptible((signal) =>
      withProgress(telling(flags.json), (onEvent) =>
        lab.answers.size(question, { signal, onEvent, ...proxyPortOf(flags) }),
      ),
    );
    if (flags.json) printJson(asJson(found));
    else print(found, question.spec.goal!);
    return searchExitCode(found);
  });
}

/** One proxy at one setting. Throws LAB_USAGE. */
async function questionOf(lab: Lab, flags: Flags): Promise<SearchQuestion> {
  const { rps, p99, verify, proxy } = flags;
  if (proxy === undefined) throw new LabError("LAB_USAGE", "size needs a proxy", { help });
  if (rps === undefined || p99 === undefined)
    throw new LabError("LAB_USAGE", "say what is wanted: --rps and --p99", { help });
  const window = flags.window ?? `${searchWindow(parsePositive(rps, "--rps"))}s`;
  const [goal, confidence] = [serviceGoalOf(p99, flags), sureOf(flags)];
  const spec = await lab.sweeps.planOpenLoop({ ...SIZE_DEFAULTS, window, maxWindow: window, ...flags, rate: rps });
  if (severalLevels({ ...spec, cpu: [1] }) !== undefined || spec.cpu.length !== 2)
    throw new LabError("LAB_USAGE", "size looks at one proxy at one setting, between two CPU limits", {
      help: "give one value of each option, and two of --cpu",
    });
  return { spec: { ...spec, title: `size of ${proxy}`, plan: "size", goal, anchors: 0 }, confidence, verify };
}

function print(found: SizeAnswer, goal: ServiceGoal): void {
  const { proxy, goals, records, answer } = found;
  printLine(drawTable(sizeTable(records, goal), terminal()));
  printLine(`\n${sizeInWords(found).join("\n")}`);
  if (!answer) return;
  if (answer.verification) printLine(verificationInWords(goals, answer.verification).join("\n"));
  printLine(`\n${pasteInWords(proxy, pasteOf(proxy, answer))}`);
}

function pasteOf(name: string, { recommendedCpu, memory }: NonNullable<SizeAnswer["answer"]>) {
  // Advice by the use alone was not run: it is told, and not pasted.
  return deployment({ name, cpu: recommendedCpu, ...(memory?.from === "limit" && { memoryBytes: memory.bytes }) });
}

function asJson({ records: _, found: __, answer, ...about }: SizeAnswer) {
  const head = { schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "size" };
  return { ...head, ...about, ...answer, ...(answer && { paste: pasteOf(about.proxy, answer) }) };
}
