import type { Command } from "commander";
import { LabError } from "../core/errors.ts";
import { parseCount, parseNames, parsePositive, parseSeconds } from "../core/experiment/levels.ts";
import { type CpuQuantity, type Goal, type Recommendation, type Refused, recommend } from "../core/predict/index.ts";
import { formatCores, formatPercent } from "../core/report/index.ts";
import { openEngine } from "./context.ts";
import { printJson, printLine } from "./output.ts";
import { addQuestionOptions, confidenceOf, fixedLevels, learn, type QuestionFlags } from "./question.ts";
import { reportRefusal } from "./refusal.ts";

interface Flags extends QuestionFlags {
  readonly proxy: string;
  readonly completed?: string;
  readonly within: string;
  readonly rps?: string;
}

/** `lab recommend`: how much CPU does a goal need? */
export function addRecommendCommand(program: Command, setExit: (code: number) => void): void {
  addQuestionOptions(program.command("recommend"))
    .description("find the least CPU limit with which a proxy completes so many requests")
    .option("--completed <number>", "completed requests wanted")
    .option("--within <time>", "time they may take", "10s")
    .option("--rps <number>", "requests/s wanted, instead of --completed")
    .action(async (_: unknown, command: Command) => setExit(await recommendCommand(command.optsWithGlobals<Flags>())));
}

async function recommendCommand(flags: Flags): Promise<number> {
  const goal = goalOf(flags);
  const confidence = confidenceOf(flags);
  const engine = await openEngine(flags);
  try {
    let worst = 0;
    for (const proxy of parseNames(flags.proxy, "--proxy")) {
      const predictor = await learn(engine, proxy, flags);
      const answer: Recommendation | Refused = predictor.ok
        ? await recommend(predictor, goal, fixedLevels(flags), confidence)
        : predictor;
      if (!answer.ok) worst = Math.max(worst, reportRefusal(proxy, answer, flags.json ?? false));
      else if (flags.json) printJson(asJson(proxy, goal, answer));
      else printLine(recommendationInWords(proxy, goal, answer));
    }
    return worst;
  } finally {
    engine.close();
  }
}

function goalOf({ completed, within, rps }: Flags): Goal {
  if (rps !== undefined && completed === undefined) return { requestsPerSecond: parsePositive(rps, "--rps") };
  if (completed !== undefined && rps === undefined) {
    return { completedRequests: parseCount(completed, "--completed"), withinSeconds: parseSeconds(within, "--within") };
  }
  throw new LabError("LAB_USAGE", "say what is wanted: either --completed or --rps", {
    help: "such as --completed 5000 --within 10s",
  });
}

function asJson(proxy: string, goal: Goal, { ok: _, ...recommendation }: Recommendation): object {
  return { proxy, goal, ...recommendation };
}

/** The answer in two lines: what to set, and what it rests on. */
export function recommendationInWords(proxy: string, goal: Goal, answer: Recommendation): string {
  const { cpu, recommendedCpu, model, medianApe, rowsUsed } = answer;
  const wanted =
    "completedRequests" in goal
      ? `${goal.completedRequests} requests in ${goal.withinSeconds} s`
      : `${goal.requestsPerSecond} requests/s`;
  return `${proxy}, ${wanted}: ${formatCores(cpu.estimate)} cpu${rangeInWords(cpu)}; ${formatCores(recommendedCpu)} cpu to be ${formatPercent(cpu.confidence)} sure
  ${model}, median error ${formatPercent(medianApe)} on points left out, ${rowsUsed} trials`;
}

/** An end that lies outside what was measured is left open. */
function rangeInWords({ low, high }: CpuQuantity): string {
  if (low !== undefined && high !== undefined) return ` (${formatCores(low)} to ${formatCores(high)})`;
  if (high !== undefined) return ` (at most ${formatCores(high)})`;
  return low === undefined ? "" : ` (at least ${formatCores(low)})`;
}
