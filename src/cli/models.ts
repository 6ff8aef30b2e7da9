import type { Command } from "commander";
import { type Candidate, coverageOf, type Predictor, type Refused } from "../core/predict/index.ts";
import { drawTable, formatPercent, modelTable } from "../core/report/index.ts";
import { openEngine } from "./context.ts";
import { printJson, printLine, terminal } from "./output.ts";
import { figureOf } from "./predict.ts";
import { addQuestionOptions, allModels, learn, type QuestionFlags } from "./question.ts";
import { reportRefusal } from "./refusal.ts";

interface Flags extends QuestionFlags {
  readonly proxy: string;
  readonly figure: string;
}

/** `lab models`: how well each model predicts what it has not seen. */
export function addModelsCommand(program: Command, setExit: (code: number) => void): void {
  addQuestionOptions(program.command("models"))
    .description("compare all prediction models on points left out, and say which one answers")
    .option("--figure <name>", "figure to predict", "requestsPerSecond")
    .action(async (_: unknown, command: Command) => setExit(await modelsCommand(command.optsWithGlobals<Flags>())));
}

async function modelsCommand(flags: Flags): Promise<number> {
  const figure = figureOf(flags.figure);
  const engine = await openEngine(flags);
  try {
    let worst = 0;
    for (const proxy of flags.proxy.split(",")) {
      const predictor: Predictor | Refused = await learn(engine, proxy, flags, figure, allModels(engine));
      if (!predictor.ok) worst = Math.max(worst, reportRefusal(proxy, predictor, flags.json ?? false));
      else if (flags.json) printJson({ proxy, figure, ...asJson(predictor) });
      else printComparison(proxy, predictor);
    }
    return worst;
  } finally {
    engine.close();
  }
}

function printComparison(proxy: string, { candidates, rows, model, validation }: Predictor): void {
  printLine(
    `${proxy}, ${rows.target}: ${rows.training.y.length} trials, each point predicted without its own trials\n`,
  );
  printLine(drawTable(modelTable(candidates, rows.training.y, model.id), terminal()));
  const error = formatPercent(validation.scores.medianApe);
  printLine(`\n${model.title} answers: with a median error of ${error} it is the simplest within noise of the best\n`);
}

function asJson({ candidates, rows, model }: Predictor) {
  const { y } = rows.training;
  const entryOf = ({ model: { id, title }, validation, failure }: Candidate) => ({
    model: id,
    title,
    ...(validation
      ? { ...validation.scores, milliseconds: validation.milliseconds, coverage: coverageOf(validation, y, 0.9) }
      : { failure }),
  });
  return { rows: y.length, used: model.id, models: candidates.map(entryOf) };
}
