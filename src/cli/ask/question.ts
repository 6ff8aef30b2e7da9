import type { Command } from "commander";
import { type FixedLevels, type Learned, learn, type Model, type Refused } from "../../core/answer/index.ts";
import type { LearnedFigure } from "../../core/domain/figures.ts";
import { parseChoice, parseCount, parseNames, parseShare, parseSize } from "../../core/domain/levels.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { LabError } from "../../core/errors.ts";
import { door } from "../../core/hosting/door.ts";
import type { CommonOptions } from "../terminal/context.ts";
import { warn } from "../terminal/output.ts";
import { calibrateHere, loadSaved, restoreSaved, tellDifferences } from "./savedModels.ts";

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
  readonly from?: string;
  readonly calibrate?: boolean;
}

/** Options that say whose trials are learned from, and how. */
export function addSourceOptions(command: Command): Command {
  return command
    .option("--proxy <names>", "the proxy asked about")
    .option("--load <name>", "learn from trials with this load tool (the one used last unless given)")
    .option("--limiter <name>", "learn from trials under this limiter (all unless given)")
    .option("--role <role>", "reverse or forward")
    .option("--model <name>", "answer by this model (the best on points left out, unless given)")
    .option("--from <file>", "answer by models that ./lab models --save kept, not by the trials of the store")
    .option("--calibrate", "scale these to this machine first, by two short trials");
}

/** The same, with where an answer is wanted and how sure it is to be. */
export function addQuestionOptions(command: Command): Command {
  return addSourceOptions(command)
    .option("--memory <size>", "memory limit: 256M")
    .option("--servers <number>", "number of origin servers")
    .option("--concurrency <number>", "connections of the load tool")
    .option("--confidence <share>", "how sure the answer is to be: 0.9 or 90%");
}

/** Levels that a question fixes; where only one was measured it need not be named. */
export function fixedLevels(flags: QuestionFlags): FixedLevels {
  return {
    ...(flags.memory === undefined ? {} : { memoryBytes: parseSize(flags.memory, "--memory") }),
    ...(flags.servers === undefined ? {} : { servers: parseCount(flags.servers, "--servers") }),
    ...(flags.concurrency === undefined ? {} : { concurrency: parseCount(flags.concurrency, "--concurrency") }),
  };
}

export function confidenceOf(flags: QuestionFlags): number {
  return parseShare(flags.confidence ?? "0.9", "--confidence");
}

/** The proxies asked about: those named, else that of the file. Throws LAB_USAGE. */
export async function proxiesOf({ proxy, from, calibrate }: QuestionFlags): Promise<string[]> {
  if (calibrate && from === undefined)
    throw new LabError("LAB_USAGE", "--calibrate scales saved models: name their file with --from");
  if (proxy !== undefined) return parseNames(proxy, "--proxy");
  if (from !== undefined) return [(await loadSaved(from)).example.point.proxy];
  throw new LabError("LAB_USAGE", "which proxy? name it with --proxy", { help: "such as --proxy haproxy" });
}

/** What was learned about some figures of one proxy, from a file or the store, or why nothing was. */
export async function learnFigures(
  engine: Engine,
  proxy: string,
  flags: QuestionFlags,
  targets: readonly LearnedFigure[],
  models: readonly Model[] = modelsFor(engine, flags.model),
): Promise<Learned | Refused> {
  engine.registry.get("proxy", proxy);
  const trials = trialsOf(engine, proxy, flags);
  if (flags.from !== undefined) return fromFile(engine, proxy, flags, targets, trials);
  const { load, limiter, role } = flags;
  if (trials.length === 0 && (load ?? limiter ?? role) !== undefined && engine.store.trials({ proxy }).length > 0) {
    const made = [load && `with ${load}`, limiter && `under ${limiter}`, role && `as a ${role} proxy`].filter(Boolean);
    throw new LabError("LAB_NO_DATA", `the store has trials of ${proxy}, but none made ${made.join(" ")}`, {
      help: "leave --load, --limiter and --role out, or measure so first",
    });
  }
  const learned = await learn(models, trials, targets);
  if (learned.ok && learned.others > 0) {
    warn(`${proxy}: ${learned.others} trials made under other conditions left out (${learned.differ.join(", ")})`);
  }
  return learned;
}

async function fromFile(
  engine: Engine,
  proxy: string,
  flags: QuestionFlags,
  targets: readonly LearnedFigure[],
  trials: readonly TrialRecord[],
): Promise<Learned> {
  const saved = await loadSaved(flags.from!);
  const { proxy: known } = saved.example.point;
  if (known !== proxy) throw new LabError("LAB_USAGE", `${flags.from} has models of ${known}, not of ${proxy}`);
  const all = restoreSaved(engine, saved);
  const missing = targets.find((target) => !all[target]);
  if (missing) {
    const help = `it has: ${Object.keys(all).join(", ")}`;
    throw new LabError("LAB_USAGE", `${flags.from} has no model of ${missing}`, { help });
  }
  const wanted = Object.fromEntries(targets.map((target) => [target, all[target]!]));
  if (!flags.calibrate) tellDifferences(engine, saved, trials);
  const predictors = flags.calibrate
    ? (await calibrateHere(engine, saved, wanted, flags.json ?? false)).predictors
    : wanted;
  return { ok: true, predictors, others: 0, differ: [] };
}

/** The trials that a question may learn from. Throws LAB_UNKNOWN_PLUGIN or LAB_USAGE. */
export function trialsOf(engine: Engine, proxy: string, { load, limiter, role }: QuestionFlags): TrialRecord[] {
  if (load) engine.registry.get("load", load);
  if (limiter) engine.registry.get("limiter", limiter);
  if (role) parseChoice(role, ["reverse", "forward"], "--role");
  return engine.store.trials({
    proxy,
    ...(load ? { loadTool: load } : {}),
    ...(limiter ? { limiter } : {}),
    ...(role ? { role } : {}),
  });
}

/** All models, those for comparison included. */
export function allModels(engine: Engine): Model[] {
  return engine.registry.list("model").map(({ plugin }) => door.model(plugin));
}

/** The one that was asked for, else those that are there to give answers. */
export function modelsFor(engine: Engine, id: string | undefined): Model[] {
  if (id !== undefined) return [door.model(engine.registry.get("model", id).plugin)];
  return allModels(engine).filter(({ comparisonOnly }) => !comparisonOnly);
}
