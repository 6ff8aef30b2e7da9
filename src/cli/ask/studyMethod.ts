import { directly, type Goals, straightLine, studyCosts, usualSeed, wishesOf } from "../../core/answer/index.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { door } from "../../core/hosting/door.ts";
import { drawTable, formatCores, formatPercent, type Table } from "../../core/views/index.ts";
import { goalsInWords } from "../../core/words/goals.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import { confidenceOf, learnFigures, type QuestionFlags } from "./question.ts";
import { reportRefusal } from "./refusal.ts";

/** Throws LAB_USAGE where there is no such method. */
export function methodOf(name: string): "forward" | "study" {
  if (name === "forward" || name === "study") return name;
  throw new LabError("LAB_USAGE", `--method: "${name}" is not forward or study`);
}

/** The answers of the origin study's direct regression, and what they cost beside those of the forward model. */
export async function printStudy(
  engine: Engine,
  proxies: readonly string[],
  flags: QuestionFlags,
  goals: Goals,
): Promise<number> {
  const [wish, ...others] = wishesOf(goals);
  if (wish?.target !== "requestsPerSecond" || others.length > 0)
    throw new LabError("LAB_USAGE", "--method study knows requests only: --completed or --rps, and no other goal");
  const inverses = [straightLine, door.model(engine.registry.get("model", "random-forest").plugin)];
  const confidence = confidenceOf(flags);
  let worst: number = EXIT.ok;
  for (const proxy of proxies) {
    const learned = await learnFigures(engine, proxy, flags, ["requestsPerSecond"]);
    if (!learned.ok) {
      worst = Math.max(worst, reportRefusal(proxy, learned, flags.json ?? false));
      continue;
    }
    const { rows, model } = learned.predictors.requestsPerSecond!;
    const answers: { method: string; cpu: number }[] = [];
    for (const inverse of inverses)
      answers.push({ method: inverse.id, cpu: await directly(inverse, rows, wish.figure, usualSeed) });
    const costs = await studyCosts(inverses, model, rows, confidence, usualSeed);
    if (flags.json) {
      printJson({ proxy, goals, method: "study", answers, costs });
      continue;
    }
    const given = answers.map(({ method, cpu }) => `${formatCores(cpu)} cpu by ${method}`).join(", ");
    printLine(`${proxy}, ${goalsInWords(goals)}, from requests straight to CPU as in the study: ${given}\n`);
    printLine(drawTable(costTable(costs), terminal()));
    printLine("\nasked for the rates of trials left out; ratio: CPU answered / CPU that it took\n");
  }
  return worst;
}

function costTable(costs: Awaited<ReturnType<typeof studyCosts>>): Table {
  return {
    columns: [
      { title: "method", align: "left" },
      { title: "answered", align: "right" },
      { title: "too little CPU", align: "right" },
      { title: "median ratio", align: "right" },
      { title: "worst tenth", align: "right" },
    ],
    rows: costs.map(({ method, answered, asked, tooLittle, ratio, worstRatio }) => [
      method,
      `${answered} of ${asked}`,
      formatPercent(tooLittle),
      `x${ratio.toFixed(2)}`,
      `x${worstRatio.toFixed(2)}`,
    ]),
  };
}
