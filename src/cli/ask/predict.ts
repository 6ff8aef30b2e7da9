import type { Command } from "commander";
import {
  type PredictedCurve,
  type Prediction,
  type Predictor,
  predict,
  predictCurve,
} from "../../core/answer/index.ts";
import { FIGURES, type LearnedFigure, learnable } from "../../core/domain/figures.ts";
import { parseNames, parsePositive } from "../../core/domain/levels.ts";
import { TABLES } from "../../core/domain/tables.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { curveChart, curveTable } from "../../core/views/curve.ts";
import { drawChart, drawTable } from "../../core/views/index.ts";
import { basisInWords, predictionInWords } from "../../core/words/answers.ts";
import { openEngine } from "../terminal/context.ts";
import { nested, printJson, printLine, terminal } from "../terminal/output.ts";
import {
  addQuestionOptions,
  confidenceOf,
  fixedLevels,
  learnFigures,
  proxiesOf,
  type QuestionFlags,
} from "./question.ts";
import { reportRefusal } from "./refusal.ts";

interface Flags extends QuestionFlags {
  readonly cpu?: string;
  readonly curve?: string;
  readonly figure: string;
}

const namesOf = (figures = FIGURES) => learnable(figures).map(({ id }) => id);

/** `lab predict`: what will a proxy do at this limit, or along all of them? */
export function addPredictCommand(program: Command, setExit: (code: number) => void, { figures } = TABLES): void {
  addQuestionOptions(program.command("predict"))
    .description("predict what a proxy will do under a CPU limit, or along all of them, with intervals")
    .option("--cpu <cores>", "CPU limit in cores")
    .option("--curve <factor>", "cpu: the whole line over the measured limits, as chart and table")
    .option("--figure <names>", `all, or of ${namesOf(figures).join(", ")}`, "requestsPerSecond")
    .action(async (_: unknown, command: Command) => setExit(await predictCommand(command.optsWithGlobals<Flags>())));
}

async function predictCommand(flags: Flags): Promise<number> {
  const figures = figuresOf(flags.figure);
  const ask = askFor(flags);
  const proxies = await proxiesOf(flags);
  const engine = await openEngine(flags);
  try {
    let worst: number = EXIT.ok;
    for (const proxy of proxies)
      for (const figure of figures) worst = Math.max(worst, await answer(engine, proxy, figure, flags, ask));
    return worst;
  } finally {
    engine.close();
  }
}

/** Asks a predictor, and prints what it answers; the exit code. */
type Ask = (predictor: Predictor, proxy: string) => Promise<number>;

function askFor(flags: Flags): Ask {
  const [fixed, confidence, json] = [fixedLevels(flags), confidenceOf(flags), flags.json ?? false];
  if (flags.curve !== undefined && flags.curve !== "cpu")
    throw new LabError("LAB_USAGE", `--curve: "${flags.curve}" is not a factor with a curve`, { help: "choose: cpu" });
  if ((flags.cpu === undefined) === (flags.curve === undefined))
    throw new LabError("LAB_USAGE", "say either --cpu with a limit, or --curve cpu for all of them");
  if (flags.cpu === undefined) {
    return async (predictor, proxy) => {
      const found = await predictCurve(predictor, fixed, confidence);
      if (!found.ok) return reportRefusal(proxy, found, json);
      printCurve(proxy, found, predictor, json);
      return EXIT.ok;
    };
  }
  const levels = { ...fixed, cpu: parsePositive(flags.cpu, "--cpu") };
  return async (predictor, proxy) => {
    const found = await predict(predictor, levels, confidence);
    if (!found.ok) return reportRefusal(proxy, found, json);
    if (json) printJson(asJson(proxy, levels, found));
    else printLine(predictionInWords(proxy, levels.cpu, found).join("\n"));
    return EXIT.ok;
  };
}

async function answer(engine: Engine, proxy: string, figure: LearnedFigure, flags: Flags, ask: Ask): Promise<number> {
  const learned = await learnFigures(engine, proxy, flags, [figure]);
  if (learned.ok) return ask(learned.predictors[figure]!, proxy);
  return reportRefusal(proxy, learned, flags.json ?? false);
}

/** The figures of a list of names, or all. Throws LAB_USAGE. */
export function figuresOf(names: string): LearnedFigure[] {
  const learned = namesOf();
  if (names === "all") return learned;
  return parseNames(names, "--figure").map((name) => {
    const figure = learned.find((one) => one === name);
    if (figure) return figure;
    throw new LabError("LAB_USAGE", `--figure: there is no "${name}"`, {
      help: `choose from: all, ${learned.join(", ")}`,
    });
  });
}

function asJson(proxy: string, levels: object, { quantity, target, ok: _, ...rest }: Prediction): object {
  return { proxy, ...levels, figure: target, ...nested(target, quantity), ...rest };
}

const chartHeight = 20;

function printCurve(proxy: string, curve: PredictedCurve, { rows }: Predictor, json: boolean): void {
  const { ok: _, target, points, ...rest } = curve;
  if (json) {
    printJson({ proxy, figure: target, ...rest, curve: points });
    return;
  }
  printLine(drawChart(curveChart(proxy, curve, rows), { ...terminal(), height: chartHeight }));
  printLine(`\n${drawTable(curveTable(curve), terminal())}`);
  printLine(basisInWords(curve));
}
