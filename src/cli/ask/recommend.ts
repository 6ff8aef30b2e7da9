import type { Command } from "commander";
import {
  type Goals,
  leastCpuFirst,
  type Recommendation,
  type Refused,
  recommend,
  targetsOf,
} from "../../core/answer/index.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT } from "../../core/errors.ts";
import { recommendationInWords } from "../../core/words/answers.ts";
import { deployment } from "../../core/words/deploy.ts";
import { openEngine } from "../terminal/context.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { addGoalOptions, type GoalFlags, goalsOf } from "./goals.ts";
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
    return printAnswers(ranked(answers), flags.json ?? false);
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

function printAnswers(answers: readonly Answer[], json: boolean): number {
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
      printLine(recommendationInWords(proxy, found).join("\n"));
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
