import type { Command } from "commander";
import {
  type Candidate,
  comparableTrials,
  coverageOf,
  type Learned,
  type Predictor,
  type Predictors,
  save,
  usualSeed,
  withFactors,
} from "../../core/answer/index.ts";
import type { ModelParameter } from "../../core/contract/index.ts";
import { figureOf, type LearnedFigure } from "../../core/domain/figures.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { drawTable, formatRate, modelTable, type Table } from "../../core/views/index.ts";
import { trialsLeftOut, winnerInWords } from "../../core/words/models.ts";
import { openEngine } from "../terminal/context.ts";
import { printJson, printLine, terminal, warn } from "../terminal/output.ts";
import { figuresOf } from "./predict.ts";
import { addSourceOptions, allModels, learnFigures, proxiesOf, type QuestionFlags, trialsOf } from "./question.ts";
import { reportRefusal } from "./refusal.ts";
import { calibrateHere, loadSaved, restoreSaved, writeSaved } from "./savedModels.ts";

interface Flags extends QuestionFlags {
  readonly figure: string;
  readonly save?: string;
}

/** Figures that a saved file answers about: those of `lab recommend` at least. */
const SAVED: readonly LearnedFigure[] = ["requestsPerSecond", "latencyMs.p99", "failedShare"];

/** `lab models`: how well each model predicts what it has not seen. */
export function addModelsCommand(program: Command, setExit: (code: number) => void): void {
  addSourceOptions(program.command("models"))
    .description("compare all prediction models on points left out, and say which one answers; save those that do")
    .option("--figure <names>", "figures to predict, or all", "requestsPerSecond")
    .option("--save <file>", "keep the models that answer in a file, with what they learned from")
    .action(async (_: unknown, command: Command) => setExit(await modelsCommand(command.optsWithGlobals<Flags>())));
}

async function modelsCommand(flags: Flags): Promise<number> {
  const figures = figuresOf(flags.figure);
  const proxies = await proxiesOf(flags);
  if (flags.save !== undefined && proxies.length !== 1)
    throw new LabError("LAB_USAGE", "--save keeps the models of one proxy", { help: "name one with --proxy" });
  const engine = await openEngine(flags);
  try {
    if (flags.from !== undefined) return await resave(engine, flags);
    let worst: number = EXIT.ok;
    for (const proxy of proxies)
      for (const figure of figures) worst = Math.max(worst, await compareAll(engine, proxy, figure, flags));
    if (flags.save !== undefined)
      worst = Math.max(worst, await saveFor(engine, proxies[0]!, figures, flags, flags.save));
    return worst;
  } finally {
    engine.close();
  }
}

async function compareAll(engine: Engine, proxy: string, figure: LearnedFigure, flags: Flags): Promise<number> {
  const learned = await learnFigures(engine, proxy, flags, [figure], allModels(engine));
  if (!learned.ok) return reportRefusal(proxy, learned, flags.json ?? false);
  const predictor = learned.predictors[figure]!;
  const parameters = await parametersOf(predictor);
  if (flags.json) printJson({ proxy, figure, ...asJson(predictor), parameters });
  else printComparison(proxy, predictor, parameters);
  return EXIT.ok;
}

async function saveFor(
  engine: Engine,
  proxy: string,
  figures: readonly LearnedFigure[],
  flags: Flags,
  file: string,
): Promise<number> {
  const trials = comparableTrials(trialsOf(engine, proxy, flags)).trials;
  const learned = await learnFigures(engine, proxy, flags, [...new Set([...SAVED, ...figures])]);
  if (!learned.ok) return reportRefusal(proxy, learned, flags.json ?? false);
  await writeSaved(file, save(learned.predictors, trials, usualSeed));
  tellSaved(file, learned);
  return EXIT.ok;
}

/** Saved models again: scaled to this machine, if that is asked for. */
async function resave(engine: Engine, flags: Flags): Promise<number> {
  if (flags.save !== undefined && !flags.calibrate)
    throw new LabError("LAB_USAGE", "--from with --save needs --calibrate: else the file stays the same");
  const saved = await loadSaved(flags.from!);
  const predictors = restoreSaved(engine, saved);
  const { savedAt, labVersion, data, seed } = saved;
  if (flags.save === undefined) {
    if (flags.json)
      printJson({ proxy: saved.example.point.proxy, savedAt, labVersion, seed, data, models: namesOf(predictors) });
    else
      printLine(
        `${saved.example.point.proxy}: ${describe(predictors)}; from ${data.trials.length} trials of ${data.sweepIds.join(", ")}, saved ${savedAt} by version ${labVersion}`,
      );
    if (!flags.calibrate) return EXIT.ok;
  }
  const { calibration } = await calibrateHere(engine, saved, predictors, flags.json ?? false);
  if (flags.json) printJson({ proxy: saved.example.point.proxy, calibration });
  if (flags.save !== undefined) {
    await writeSaved(flags.save, withFactors(saved, calibration.factors));
    tellSaved(flags.save, { predictors });
  }
  return EXIT.ok;
}

function tellSaved(file: string, { predictors }: Pick<Learned, "predictors">): void {
  warn(`saved in ${file}: ${describe(predictors)}; ask them with --from ${file}`);
}

function describe(predictors: Predictors): string {
  return Object.entries(namesOf(predictors))
    .map(([target, id]) => `${target} by ${id}`)
    .join(", ");
}

function namesOf(predictors: Predictors): Record<string, string> {
  return Object.fromEntries(Object.values(predictors).map(({ rows, model }) => [rows.target, model.id]));
}

/** What the model that answers found, as far as it can be read. */
async function parametersOf({ model, state, rows }: Predictor): Promise<ModelParameter[]> {
  const { unit: own } = figureOf(rows.target);
  const parameters = (await model.explain?.(state)) ?? [];
  return parameters.map((one) => ({ ...one, unit: one.unit.replace("unit of the figure", own) }));
}

function printComparison(
  proxy: string,
  { candidates, rows, model, validation }: Predictor,
  parameters: readonly ModelParameter[],
): void {
  printLine(`${proxy}, ${rows.target}: ${trialsLeftOut(rows.training.y.length)}\n`);
  printLine(drawTable(modelTable(candidates, rows.training.y, model.id), terminal()));
  printLine(`\n${winnerInWords(model.title, validation.scores.medianApe)}\n`);
  if (parameters.length > 0) printLine(`${drawTable(parameterTable(parameters), terminal())}\n`);
}

function parameterTable(parameters: readonly ModelParameter[]): Table {
  return {
    columns: [
      { title: "parameter", align: "left" },
      { title: "value", align: "right" },
      { title: "unit", align: "left" },
    ],
    rows: parameters.map(({ name, value, unit }) => [name, formatRate(value), unit]),
  };
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
