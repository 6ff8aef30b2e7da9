import type { Command } from "commander";
import type { PredictedCurve, Prediction, Question } from "../../core/answer/index.ts";
import { drawChart } from "../../core/cells/chart.ts";
import { drawTable } from "../../core/cells/table.ts";
import type { LearnedFigure } from "../../core/domain/figures.ts";
import { parsePositive } from "../../core/domain/levels.ts";
import { TABLES } from "../../core/domain/tables.ts";
import { LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { curveChart, curveTable } from "../../core/views/curve.ts";
import { basisInWords, predictionInWords } from "../../core/words/answers.ts";
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
} from "../terminal/questionOptions.ts";
import { printAnswer, worstOf } from "../terminal/refusal.ts";

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
    .option("--curve <factor>", "cpu: the whole line over the measured limits, as chart and table")
    .option("--figure <names>", `all, or of ${learnedIds(tables.figures).join(", ")}`, "requestsPerSecond")
    .action(action(predictCommand));
}

async function predictCommand(flags: Flags): Promise<number> {
  const figures = figuresOf(flags.figure);
  const [ask, source] = [askFor(flags), answerSourceOf(flags)];
  return inLab(flags, async (lab) =>
    worstOf(await proxiesOf(lab, flags), (proxy) =>
      worstOf(figures, (figure) => ask(lab, { ...source, proxy }, figure)),
    ),
  );
}

/** Asks about one figure of one proxy, and prints what is answered; the exit code. */
function askFor(flags: Flags): (lab: Lab, question: Question, figure: LearnedFigure) => Promise<number> {
  const [fixed, confidence, json] = [fixedLevels(flags), confidenceOf(flags), flags.json];
  if (flags.curve !== undefined && flags.curve !== "cpu")
    throw new LabError("LAB_USAGE", `--curve: "${flags.curve}" is not a factor with a curve`, { help: "choose: cpu" });
  if ((flags.cpu === undefined) === (flags.curve === undefined))
    throw new LabError("LAB_USAGE", "say either --cpu with a limit, or --curve cpu for all of them");
  if (flags.cpu === undefined) {
    return async ({ answers }, question, figure) => {
      const found = await answers.curve(question, figure, fixed, confidence);
      return printAnswer(question.proxy, found, json, (curve) => printCurve(question.proxy, curve, json));
    };
  }
  const levels = { ...fixed, cpu: parsePositive(flags.cpu, "--cpu") };
  return async ({ answers }, question, figure) => {
    const found = await answers.predict(question, figure, levels, confidence);
    return printAnswer(question.proxy, found, json, (prediction) => {
      if (json) printJson(asJson(question.proxy, levels, prediction));
      else printLine(predictionInWords(question.proxy, levels.cpu, prediction).join("\n"));
    });
  };
}

function asJson(proxy: string, levels: object, { quantity, target, ok: _, ...rest }: Prediction): object {
  return { proxy, ...levels, figure: target, ...nested(target, quantity), ...rest };
}

const chartHeight = 20;

function printCurve(proxy: string, curve: PredictedCurve, json = false): void {
  const { ok: _, measured: __, target, points, ...rest } = curve;
  if (json) {
    printJson({ proxy, figure: target, ...rest, curve: points });
    return;
  }
  printLine(drawChart(curveChart(proxy, curve), { ...terminal(), height: chartHeight }));
  printLine(`\n${drawTable(curveTable(curve), terminal())}`);
  printLine(basisInWords(curve));
}
