import type { Command } from "commander";
import type { CurveFactor, PredictedCurve, Prediction, Question } from "../../core/answer/index.ts";
import { drawChart } from "../../core/cells/chart.ts";
import { drawTable } from "../../core/cells/table.ts";
import { type Levels, quantities } from "../../core/domain/factors.ts";
import type { LearnedFigure } from "../../core/domain/figures.ts";
import { parsePositive } from "../../core/domain/levels.ts";
import { TABLES } from "../../core/domain/tables.ts";
import { LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { curveChart, curveTable } from "../../core/views/curve.ts";
import { basisInWords, predictionInWords } from "../../core/words/answers.ts";
import { saturationInWords } from "../../core/words/conditions.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { nested, printJson, printLine, terminal } from "../terminal/output.ts";
import {
  addQuestionOptions,
  answerSourceOf,
  confidenceOf,
  figuresOf,
  fixedLevels,
  learnedIds,
  proxiesOf,
  type QuestionFlags,
  questionsOf,
} from "../terminal/questionOptions.ts";
import { type Asking, bestOf, newDataLines, printAnswer } from "../terminal/refusal.ts";

interface Flags extends QuestionFlags {
  readonly cpu?: string;
  readonly curve?: string;
  readonly figure: string;
}

/** `lab predict`: what will a proxy do at this limit, or along all of them? */
export function addPredictCommand(program: Command, tables = TABLES): void {
  addQuestionOptions(program.command("predict"), tables)
    .description("predict what a proxy will do under a CPU limit, or along all of them, with intervals")
    .option("--cpu <cores>", "CPU limit in cores")
    .option("--curve <factor>", "cpu or rate: the whole line over what was measured of it, as chart and table")
    .option("--figure <names>", `all, or of ${learnedIds(tables.figures).join(", ")}`, "requestsPerSecond")
    .action(action(predictCommand));
}

async function predictCommand(flags: Flags): Promise<number> {
  const figures = figuresOf(flags.figure);
  const [ask, source] = [askFor(flags), await answerSourceOf(flags)];
  return inLab(flags, async (lab) => {
    const questions = questionsOf(await proxiesOf(lab, flags), source);
    const asking = { json: flags.json, several: questions.length > 1, told: new Set<string>() };
    return bestOf(questions, (question) =>
      bestOf(figures, (figure) => ask(lab, question, figure, { ...asking, proxy: question.proxy })),
    );
  });
}

/** Asks about one figure of one proxy, and prints what is answered; the exit code. */
type Ask = (lab: Lab, question: Question, figure: LearnedFigure, asking: Asking) => Promise<number>;

function askFor(flags: Flags): Ask {
  const [fixed, confidence] = [fixedLevels(flags), confidenceOf(flags)];
  const along = flags.curve === undefined ? undefined : curveFactor(flags.curve);
  if ((flags.cpu === undefined) !== (along === "cpu"))
    throw new LabError("LAB_USAGE", "say either --cpu with a limit, or --curve cpu for all of them");
  if (along === "requestsPerSecond" && fixed.requestsPerSecond !== undefined)
    throw new LabError("LAB_USAGE", "say either --rate with a rate, or --curve rate for all of them");
  const cpu = flags.cpu === undefined ? undefined : parsePositive(flags.cpu, "--cpu");
  const levels = { ...fixed, ...(cpu !== undefined && { cpu }) };
  if (along !== undefined) {
    return async ({ answers }, question, figure, asking) => {
      const found = await answers.curve(question, figure, levels, confidence, { along });
      return printAnswer(asking, found, (curve) => printCurve(asking, curve));
    };
  }
  return async ({ answers }, question, figure, asking) => {
    const found = await answers.predict(question, figure, levels, confidence);
    return printAnswer(asking, found, (prediction) => {
      const { proxy, json } = asking;
      if (json) return printJson(asJson(proxy, levels, prediction));
      const lines = predictionInWords(proxy, cpu!, prediction);
      printLine([...lines, ...newDataLines(asking, prediction.data)].join("\n"));
    });
  };
}

function curveFactor(name: string): CurveFactor {
  const known: Readonly<Record<string, CurveFactor>> = { cpu: "cpu", rate: "requestsPerSecond" };
  const found = known[name];
  if (found) return found;
  const help = `choose: ${Object.keys(known).join(" or ")}`;
  throw new LabError("LAB_USAGE", `--curve: "${name}" is not a factor with a curve`, { help });
}

function asJson(proxy: string, levels: Levels, { quantity, target, ok: _, ...rest }: Prediction): object {
  return { proxy, ...columnsOf(levels), figure: target, ...nested(target, quantity), ...rest };
}

/** Levels under the names that exported data has for them: that of a rate is not the name of a figure. */
function columnsOf(levels: Levels): Readonly<Record<string, number>> {
  const columns = quantities().flatMap(({ key, column }) => {
    const level = levels[key];
    return level === undefined ? [] : [[column?.name ?? key, level] as const];
  });
  return Object.fromEntries(columns);
}

const chartHeight = 20;

function printCurve(asking: Asking, curve: PredictedCurve): void {
  const { proxy, json } = asking;
  const { ok: _, measured: __, target, points, along, fixed: ___, ...rest } = curve;
  if (json) {
    const byLevel = points.map(({ level, ...figures }) => ({ ...columnsOf({ [along]: level }), ...figures }));
    printJson({ proxy, figure: target, ...rest, curve: byLevel });
    return;
  }
  printLine(drawChart(curveChart(proxy, curve), { ...terminal(), height: chartHeight }));
  printLine(`\n${drawTable(curveTable(curve), terminal())}`);
  const at = curve.data && saturationInWords(curve.data);
  printLine([basisInWords(curve) + (at ? `; ${at}` : ""), ...newDataLines(asking, curve.data)].join("\n"));
}
