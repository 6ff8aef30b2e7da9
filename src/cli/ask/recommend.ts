import type { Command } from "commander";
import {
  type CpuQuantity,
  type Goals,
  leastCpuFirst,
  type Recommendation,
  type Refused,
  recommend,
  targetsOf,
} from "../../core/answer/index.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT } from "../../core/errors.ts";
import { deployment, formatBytes, formatCores, formatLimit, formatPercent } from "../../core/views/index.ts";
import { openEngine } from "../terminal/context.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { addGoalOptions, type GoalFlags, goalsInWords, goalsOf } from "./goals.ts";
import { rememberQuestion } from "./lastQuestion.ts";
import {
  addQuestionOptions,
  confidenceOf,
  fixedLevels,
  learnFigures,
  proxiesOf,
  type QuestionFlags,
} from "./question.ts";
import { reportRefusal } from "./refusal.ts";
import { methodOf, printStudy } from "./studyMethod.ts";

type Flags = QuestionFlags & GoalFlags & { readonly method: string };

/** `lab recommend`: how much CPU and memory do goals need? */
export function addRecommendCommand(program: Command, setExit: (code: number) => void): void {
  addGoalOptions(addQuestionOptions(program.command("recommend")))
    .description("find the least CPU and memory with which a proxy meets goals; several proxies are ranked")
    .option(
      "--method <name>",
      "forward: a model of the proxy, inverted; study: regression from requests to CPU",
      "forward",
    )
    .action(async (_: unknown, command: Command) => setExit(await recommendCommand(command.optsWithGlobals<Flags>())));
}

interface Answer {
  readonly proxy: string;
  readonly found: Recommendation | Refused;
}

async function recommendCommand(flags: Flags): Promise<number> {
  const goals = goalsOf(flags);
  const method = methodOf(flags.method);
  confidenceOf(flags);
  const proxies = await proxiesOf(flags);
  const engine = await openEngine(flags);
  try {
    if (method === "study") return await printStudy(engine, proxies, flags, goals);
    const answers: Answer[] = [];
    for (const proxy of proxies) answers.push({ proxy, found: await answerFor(engine, proxy, flags, goals) });
    if (answers.some(({ found }) => found.ok)) await rememberQuestion(engine.store.path, flags);
    return printAnswers(ranked(answers), goals, flags.json ?? false);
  } finally {
    engine.close();
  }
}

/** The answer to a question about one proxy. */
export async function answerFor(
  engine: Engine,
  proxy: string,
  flags: QuestionFlags,
  goals: Goals,
): Promise<Recommendation | Refused> {
  const learned = await learnFigures(engine, proxy, flags, targetsOf(goals));
  return learned.ok ? recommend(learned.predictors, goals, fixedLevels(flags), confidenceOf(flags)) : learned;
}

/** Those that need the least CPU first, those without an answer last. */
function ranked(answers: readonly Answer[]): Answer[] {
  return answers.toSorted((a, b) => leastCpuFirst(a.found, b.found));
}

function printAnswers(answers: readonly Answer[], goals: Goals, json: boolean): number {
  let worst: number = EXIT.ok;
  for (const [place, { proxy, found }] of answers.entries()) {
    if (!found.ok) {
      worst = Math.max(worst, reportRefusal(proxy, found, json));
    } else if (json) {
      const { ok: _, ...recommendation } = found;
      printJson({
        proxy,
        ...(answers.length > 1 && { rank: place + 1 }),
        ...recommendation,
        paste: pasteOf(proxy, found),
      });
    } else {
      printLine(recommendationInWords(proxy, goals, found));
    }
  }
  const [best] = answers;
  if (!json && best?.found.ok) printPaste(best.proxy, best.found);
  return worst;
}

function pasteOf(proxy: string, { recommendedCpu, memory }: Recommendation) {
  return deployment({ name: proxy, cpu: recommendedCpu, ...(memory && { memoryBytes: memory.bytes }) });
}

function printPaste(proxy: string, answer: Recommendation): void {
  const { docker, compose, systemd, kubernetes } = pasteOf(proxy, answer);
  printLine(`\nto paste, with ${proxy} as its name:\n\n${docker}\n\n${compose}\n\n${systemd}\n\n${kubernetes}`);
}

/** The answer in two lines: what to set, and what it rests on. */
export function recommendationInWords(proxy: string, goals: Goals, answer: Recommendation): string {
  const { cpu, recommendedCpu, memory, choices, model, medianApe, rowsUsed } = answer;
  const lines = [
    `${proxy}, ${goalsInWords(goals)}: ${formatCores(cpu.estimate)} cpu${rangeInWords(cpu)}; ${formatLimit(recommendedCpu)} cpu to be ${formatPercent(cpu.confidence)} sure`,
    `  ${model}, median error ${formatPercent(medianApe)} on points left out, ${rowsUsed} trials`,
  ];
  if (memory) {
    const why = memory.from === "peak" ? "a quarter above the highest use measured" : "the limit that was measured";
    lines.push(
      `  memory: ${formatBytes(memory.bytes)}, ${choices.length > 1 ? "where more saves hardly any CPU" : why}`,
    );
  }
  if (choices.length > 1) {
    const each = choices.map((one) => `${formatLimit(one.recommendedCpu)} cpu with ${formatBytes(one.memoryBytes)}`);
    lines.push(`  or: ${each.join(", ")}`);
  }
  return lines.join("\n");
}

/** An end that lies outside what was measured is left open. */
function rangeInWords({ low, high }: CpuQuantity): string {
  if (low !== undefined && high !== undefined) return ` (${formatCores(low)} to ${formatCores(high)})`;
  if (high !== undefined) return ` (at most ${formatCores(high)})`;
  return low === undefined ? "" : ` (at least ${formatCores(low)})`;
}
