import type { Command } from "commander";
import type { GoalQuestion, RankedAnswer, Recommendation, StudyCost } from "../../core/answer/index.ts";
import { drawTable, left, right, type Table, tableOf } from "../../core/cells/table.ts";
import { formatCores, formatPercent, formatTimes } from "../../core/domain/format.ts";
import { parseChoice } from "../../core/domain/levels.ts";
import type { Lab } from "../../core/lab.ts";
import { recommendationInWords } from "../../core/words/answers.ts";
import { dataInWords } from "../../core/words/conditions.ts";
import { deployment, pasteInWords } from "../../core/words/deploy.ts";
import { goalsInWords } from "../../core/words/goals.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import { addGoalOptions, type GoalFlags, goalQuestionOf, questionsOf } from "../terminal/questionOptions.ts";
import { bestOf, printAnswer } from "../terminal/refusal.ts";

type Flags = GoalFlags & { readonly method: string };

/** `lab recommend`: how much CPU and memory do goals need? */
export function addRecommendCommand(program: Command): void {
  addGoalOptions(program.command("recommend"))
    .description("find the least CPU and memory with which a proxy meets goals; several proxies are ranked")
    .option(
      "--method <name>",
      "forward: a model of the proxy, inverted; study: regression from requests to CPU",
      "forward",
    )
    .action(action(recommendCommand));
}

function recommendCommand(flags: Flags): Promise<number> {
  const method = parseChoice(flags.method, ["forward", "study"], "--method");
  return inLab(flags, async (lab) => {
    const question = await goalQuestionOf(lab, flags);
    if (method === "study") return printStudy(lab, question, flags.json);
    return printAnswers(await lab.answers.rank(question), flags.json);
  });
}

function printAnswers(answers: readonly RankedAnswer[], json = false): number {
  const several = answers.length > 1;
  const codes = answers.map(({ proxy, found }, place) =>
    printAnswer({ proxy, json, several }, found, (answer) => {
      const { ok: _, ...recommendation } = answer;
      const rank = several && { rank: place + 1 };
      if (json) printJson({ proxy, ...rank, ...recommendation, paste: pasteOf(proxy, answer) });
      else printLine(recommendationInWords(proxy, answer).join("\n"));
    }),
  );
  const [best] = answers;
  if (!json && best?.found.ok) printPaste(best.proxy, best.found);
  return Math.min(...codes);
}

function pasteOf(proxy: string, { recommendedCpu, memory, untested }: Recommendation) {
  return deployment({ name: proxy, cpu: recommendedCpu, ...(memory && { memoryBytes: memory.bytes }), untested });
}

function printPaste(proxy: string, answer: Recommendation): void {
  printLine(`\n${pasteInWords(proxy, pasteOf(proxy, answer))}`);
}

/** The answers of the original study's direct regression, and what they cost beside those of the forward model. */
function printStudy(lab: Lab, question: GoalQuestion, json = false): Promise<number> {
  const { proxies, source, goals, levels, confidence } = question;
  return bestOf(questionsOf(proxies, source), async (asked) => {
    const { proxy } = asked;
    const found = await lab.answers.study(asked, goals, levels, confidence);
    return printAnswer({ proxy, json, several: proxies.length > 1 }, found, ({ answers, costs, data }) => {
      if (json) return printJson({ proxy, goals, method: "study", answers, costs, data });
      const given = answers.map(({ method, cpu }) => `${formatCores(cpu)} cpu by ${method}`).join(", ");
      printLine(`${proxy}, ${goalsInWords(goals)}, from requests straight to CPU as in the study: ${given}\n`);
      printLine(drawTable(costTable(costs), terminal()));
      printLine("\nasked for the rates of trials left out; ratio: CPU answered / CPU that it took");
      printLine(`${data ? dataInWords(data).join("\n") : ""}\n`);
    });
  });
}

function costTable(costs: readonly StudyCost[]): Table {
  return tableOf(costs, [
    left("method", ({ method }) => method),
    right("answered", ({ answered, asked }) => `${answered} of ${asked}`),
    right("too little CPU", ({ tooLittle }) => formatPercent(tooLittle)),
    right("median ratio", ({ ratio }) => formatTimes(ratio)),
    right("worst tenth", ({ worstRatio }) => formatTimes(worstRatio)),
  ]);
}
