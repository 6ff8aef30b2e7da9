import type { Command } from "commander";
import type { Engine } from "../core/engine.ts";
import { LabError } from "../core/errors.ts";
import { parseCount, parseMemoryLevels, parsePositive } from "../core/experiment/levels.ts";
import { door } from "../core/plugins/door.ts";
import {
  comparableTrials,
  type FixedLevels,
  fitPredictor,
  type Model,
  type Predictor,
  type Refused,
  type TargetName,
  trainingRows,
} from "../core/predict/index.ts";
import type { TrialRecord } from "../core/records/record.ts";
import type { CommonOptions } from "./context.ts";

/** The same data and the same question give the same answer. */
const seed = 42;

/** Options of commands that ask the predictor. */
export interface QuestionFlags extends CommonOptions {
  readonly proxy?: string;
  readonly load?: string;
  readonly limiter?: string;
  readonly role?: string;
  readonly memory?: string;
  readonly servers?: string;
  readonly concurrency?: string;
  readonly confidence?: string;
  readonly model?: string;
}

export function addQuestionOptions(command: Command): Command {
  return command
    .requiredOption("--proxy <names>", "the proxy asked about")
    .option("--load <name>", "learn from trials with this load tool (the one used last unless given)")
    .option("--limiter <name>", "learn from trials under this limiter (all unless given)")
    .option("--role <role>", "reverse or forward")
    .option("--memory <size>", "memory limit: 256M")
    .option("--servers <number>", "number of origin servers")
    .option("--concurrency <number>", "connections of the load tool")
    .option("--model <name>", "answer by this model (the best on points left out, unless given)")
    .option("--confidence <share>", "how sure the answer is to be: 0.9");
}

/** Levels that a question fixes; where only one was measured it need not be named. */
export function fixedLevels(flags: QuestionFlags): FixedLevels {
  return {
    ...(flags.memory === undefined ? {} : { memoryBytes: parseMemoryLevels(flags.memory, "--memory")[0]! }),
    ...(flags.servers === undefined ? {} : { servers: parseCount(flags.servers, "--servers") }),
    ...(flags.concurrency === undefined ? {} : { concurrency: parseCount(flags.concurrency, "--concurrency") }),
  };
}

export function confidenceOf(flags: QuestionFlags): number {
  const confidence = parsePositive(flags.confidence ?? "0.9", "--confidence");
  if (confidence < 1) return confidence;
  throw new LabError("LAB_USAGE", `--confidence: ${confidence} is not between 0 and 1`, {
    help: "such as --confidence 0.9",
  });
}

/** What was learned about one proxy, or why nothing was. Throws LAB_NO_DATA where nothing at all was measured. */
export async function learn(
  engine: Engine,
  proxy: string,
  flags: QuestionFlags,
  target: TargetName = "requestsPerSecond",
  models: readonly Model[] = modelsFor(engine, flags.model),
): Promise<Predictor | Refused> {
  engine.registry.get("proxy", proxy);
  const { load, limiter, role } = flags;
  const filter = {
    proxy,
    ...(load ? { loadTool: load } : {}),
    ...(limiter ? { limiter } : {}),
    ...(role ? { role } : {}),
  };
  return learnFrom(engine.store.trials(filter), proxy, target, models);
}

/** The same from given trials of one proxy. */
export async function learnFrom(
  records: readonly TrialRecord[],
  proxy: string,
  target: TargetName,
  models: readonly Model[],
): Promise<Predictor | Refused> {
  if (records.length === 0) {
    throw new LabError("LAB_NO_DATA", `nothing was measured for ${proxy} yet`, {
      help: `measure it: ./lab sweep --proxy ${proxy} --cpu 0.05..0.9 --replicates 2`,
    });
  }
  return fitPredictor(models, trainingRows(comparableTrials(records).trials, target), seed);
}

/** All models, those for comparison included. */
export function allModels(engine: Engine): Model[] {
  return engine.registry.list("model").map(({ plugin }) => door.model(plugin));
}

/** The one that was asked for, else those that are there to give answers. */
function modelsFor(engine: Engine, id: string | undefined): Model[] {
  if (id !== undefined) return [door.model(engine.registry.get("model", id).plugin)];
  return allModels(engine).filter(({ comparisonOnly }) => !comparisonOnly);
}
