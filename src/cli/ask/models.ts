import type { Command } from "commander";
import type { ExplainedComparison, ModelComparison, Question, SavedSummary } from "../../core/answer/index.ts";
import { drawTable, left, right, type Table, tableOf } from "../../core/cells/table.ts";
import type { ModelParameter } from "../../core/contract/index.ts";
import { figureOf, type LearnedFigure } from "../../core/domain/figures.ts";
import { formatRate } from "../../core/domain/format.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { modelTable } from "../../core/views/modelTable.ts";
import { trialsLeftOut, winnerInWords } from "../../core/words/models.ts";
import { atItsSpeed } from "../../core/words/speed.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { printJson, printLine, terminal, warn } from "../terminal/output.ts";
import {
  addSourceOptions,
  answerSourceOf,
  figuresOf,
  fixedLevels,
  proxiesOf,
  questionsOf,
  type SourceFlags,
} from "../terminal/questionOptions.ts";
import { type Asking, bestOf, newDataLines, printAnswer, printRefusal } from "../terminal/refusal.ts";

interface Flags extends SourceFlags {
  readonly figure: string;
  readonly save?: string;
}

/** `lab models`: how well each model predicts what it has not seen. */
export function addModelsCommand(program: Command): void {
  addSourceOptions(program.command("models"))
    .description("compare all prediction models on points left out, and say which one answers; save those that do")
    .option("--figure <names>", "figures to predict, or all", "requestsPerSecond")
    .option("--save <file>", "keep the models that answer in a file, with what they learned from")
    .action(action(modelsCommand));
}

async function modelsCommand(flags: Flags): Promise<number> {
  const [figures, source, levels] = [figuresOf(flags.figure), await answerSourceOf(flags), fixedLevels(flags)];
  return inLab(flags, async (lab) => {
    const proxies = await proxiesOf(lab, flags);
    if (flags.save !== undefined && proxies.length !== 1)
      throw new LabError("LAB_USAGE", "--save keeps the models of one proxy", { help: "name one with --proxy" });
    if (flags.from !== undefined) return showSaved(lab, flags.from, flags);
    const questions = questionsOf(proxies, source);
    const told = new Set<string>();
    const askingOf = ({ proxy }: Question) => ({ proxy, json: flags.json, several: proxies.length > 1, told });
    const code = await bestOf(questions, (question) =>
      bestOf(figures, async (figure) => {
        const found = await lab.answers.models(question, figure, levels);
        return printAnswer(askingOf(question), found, (one) => printModels(askingOf(question), figure, one));
      }),
    );
    if (flags.save === undefined) return code;
    const [question] = questions;
    const saved = await lab.answers.save(question!, figures, flags.save, levels);
    if (!saved.ok) return printRefusal(askingOf(question!), saved);
    tellSaved(flags.save, saved);
    return code;
  });
}

/** Models of a file: described, or scaled to this machine and saved again. */
async function showSaved(lab: Lab, from: string, { calibrate, save, json }: Flags): Promise<number> {
  if (save !== undefined && !calibrate)
    throw new LabError("LAB_USAGE", "--from with --save needs --calibrate: else the file stays the same");
  const saved = await lab.answers.saved(from);
  const { ok: _, proxy, savedAt, labVersion, seed, data, models } = saved;
  if (save === undefined) {
    if (json) printJson({ proxy, savedAt, labVersion, seed, data, models });
    else
      printLine(
        `${proxy}: ${describe(saved)}; from ${data.trials.length} trials of ${data.sweepIds.join(", ")}, saved ${savedAt} by version ${labVersion}`,
      );
    if (!calibrate) return EXIT.ok;
  }
  const calibration = await lab.answers.calibrate(from, save);
  if (json) printJson({ proxy, calibration });
  if (save !== undefined) tellSaved(save, saved);
  return EXIT.ok;
}

function tellSaved(file: string, saved: SavedSummary): void {
  warn(`saved in ${file}: ${describe(saved)}; ask them with --from ${file}`);
}

function describe({ models }: SavedSummary): string {
  return Object.entries(models)
    .map(([target, id]) => `${target} by ${id}`)
    .join(", ");
}

function printModels(asking: Asking, figure: LearnedFigure, comparison: ExplainedComparison): void {
  const { proxy, json } = asking;
  const { trials, models, chosen, parameters, speed, data } = comparison;
  if (json) {
    printJson({ proxy, figure, ...asJson(comparison), parameters, data });
    return;
  }
  const name = atItsSpeed(figure, figureOf(figure), speed);
  printLine(`${proxy}, ${name}: ${trialsLeftOut(trials)}\n`);
  printLine(drawTable(modelTable(comparison), terminal()));
  const { title, scores } = models.find(({ id }) => id === chosen)!;
  printLine(`\n${[winnerInWords(title, scores!.medianApe), ...newDataLines(asking, data)].join("\n")}\n`);
  if (parameters.length > 0) printLine(`${drawTable(parameterTable(parameters), terminal())}\n`);
}

function parameterTable(parameters: readonly ModelParameter[]): Table {
  return tableOf(parameters, [
    left("parameter", ({ name }) => name),
    right("value", ({ value }) => formatRate(value)),
    left("unit", ({ unit }) => unit),
  ]);
}

function asJson({ models, measured, chosen }: ModelComparison) {
  const entries = models.map(({ id: model, title, scores, milliseconds, coverage, failure }) => {
    return { model, title, ...(scores ? { ...scores, milliseconds, coverage } : { failure }) };
  });
  return { rows: measured.length, used: chosen, models: entries };
}
