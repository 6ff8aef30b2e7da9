import type { Command } from "commander";
import type { SizeAnswer, SizeQuestion } from "../../core/answer/index.ts";
import { drawTable } from "../../core/cells/table.ts";
import { parsePositive, parseShare } from "../../core/domain/levels.ts";
import { SWEEP_OPTIONS, type SweepFlags, severalLevels } from "../../core/domain/options.ts";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import type { ServiceGoal } from "../../core/domain/spec.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { sizeTable } from "../../core/views/trialTable.ts";
import { deployment, pasteInWords } from "../../core/words/deploy.ts";
import { sizeInWords } from "../../core/words/size.ts";
import { verificationInWords } from "../../core/words/verification.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { inLab, telling, withProgress } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { latencyOf } from "../terminal/questionOptions.ts";
import { addSweepOptions } from "../terminal/sweepOptions.ts";

interface Flags extends SweepFlags, CommonOptions {
  readonly rps?: string;
  readonly p99?: string;
  readonly failedShare?: string;
  readonly confidence: string;
  readonly verify: boolean;
}

/** Open loops in short windows: whether a limit keeps a latency shows soon, and the answer is run again in long ones. */
const defaults: SweepFlags = {
  plan: "grid",
  cpu: "0.02..1/2",
  // As many as it takes for one to be free nearly always: what waits for one waits for the load tool.
  concurrency: "64",
  window: "4s",
  maxWindow: "4s",
  warmup: "1s",
};
/** The rate is the question's own, and the load tool that of open loops. */
const { rate: _, ...others } = SWEEP_OPTIONS;
const usualLoad = "vegeta, whose own p99 is shortest, where it is installed and can send so; else pacer";
const options = { ...others, load: { ...others.load, inWords: usualLoad } };
const help = "such as ./lab size --proxy haproxy --rps 2000 --p99 20ms";

/** `lab size`: the least CPU limit at which a proxy serves a rate at a latency, found and proved. */
export function addSizeCommand(program: Command): void {
  addSweepOptions(program.command("size"), "size", defaults, options)
    .description("find the least CPU limit at which a proxy serves a rate at a latency, and prove it")
    .option("--rps <number>", "requests/s that come")
    .option("--p99 <time>", "most that the 99th percentile of the latency may be: 20ms")
    .option("--failed-share <share>", "most of the requests that may fail (default: 0.1%)")
    .option("--confidence <share>", "how sure the answer is to be: 0.9 or 90%", "0.9")
    .option("--no-verify", "do not run the answer once more, in longer windows")
    .addHelpText("after", "\n--cpu is the range that it searches.")
    .action(action(sizeCommand));
}

function sizeCommand(flags: Flags): Promise<number> {
  return inLab(flags, async (lab) => {
    const question = await questionOf(lab, flags);
    const found = await interruptible((signal) =>
      withProgress(telling(flags.json), (onEvent) => lab.answers.size(question, { signal, onEvent, ...portOf(flags) })),
    );
    if (flags.json) printJson(asJson(found));
    else print(found, question.spec.goal!);
    return exitCodeOf(found);
  });
}

function portOf({ port }: Flags) {
  return port === undefined ? {} : { proxyPort: SWEEP_OPTIONS.port.value.parse(port, "--port") };
}

/** One proxy at one setting. Throws LAB_USAGE. */
async function questionOf(lab: Lab, flags: Flags): Promise<SizeQuestion> {
  const { rps, p99, failedShare, confidence, verify, proxy } = flags;
  if (proxy === undefined) throw new LabError("LAB_USAGE", "size needs a proxy", { help });
  if (rps === undefined || p99 === undefined)
    throw new LabError("LAB_USAGE", "say what is wanted: --rps and --p99", { help });
  const requestsPerSecond = parsePositive(rps, "--rps");
  const goal: ServiceGoal = {
    p99Ms: latencyOf(p99),
    ...(failedShare !== undefined && { failedShare: parseShare(failedShare, "--failed-share") }),
  };
  const sure = parseShare(confidence, "--confidence");
  if (sure <= 0.5) throw new LabError("LAB_USAGE", `--confidence: ${confidence} is not above 50%`);
  const spec = await lab.sweeps.planOpenLoop({ ...defaults, ...flags, rate: rps });
  if (severalLevels({ ...spec, cpu: [1] }) !== undefined || spec.cpu.length !== 2)
    throw new LabError("LAB_USAGE", "size looks at one proxy at one setting, between two CPU limits", {
      help: "give one value of each option, and two of --cpu",
    });
  const title = `size of ${proxy}`;
  return { spec: { ...spec, title, plan: "size", goal, anchors: 0 }, requestsPerSecond, confidence: sure, verify };
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

function asJson({ records: _, size: __, answer, ...found }: SizeAnswer) {
  const head = { schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "size" };
  return { ...head, ...found, ...answer, ...(answer && { paste: pasteOf(found.proxy, answer) }) };
}

function exitCodeOf({ status, answer }: SizeAnswer): number {
  const verification = answer?.verification;
  if (status === "interrupted" || verification?.status === "interrupted") return EXIT.interrupted;
  if (!answer || (verification && verification.recommended.held === undefined)) return EXIT.nothingMeasured;
  return verification?.recommended.held === false ? EXIT.notHeld : EXIT.ok;
}
