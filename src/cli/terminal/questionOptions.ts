import type { Command } from "commander";
import {
  type AnswerSource,
  CONDITIONS,
  type FixedLevels,
  type GoalQuestion,
  type Goals,
  LIMITED_FIGURES,
  type Question,
} from "../../core/answer/index.ts";
import { type NumericFactor, quantities } from "../../core/domain/factors.ts";
import { FIGURES, isShare, type LearnedFigure, learnable } from "../../core/domain/figures.ts";
import {
  parseCount,
  parseKnown,
  parseLatency,
  parseNames,
  parsePositive,
  parseSeconds,
  parseShare,
} from "../../core/domain/levels.ts";
import { flagOf } from "../../core/domain/options.ts";
import { TABLES } from "../../core/domain/tables.ts";
import { LabError } from "../../core/errors.ts";
import { configurationHash, type Lab } from "../../core/lab.ts";
import type { CommonOptions } from "./output.ts";
import { addRawOption, type RawFlag } from "./rawOption.ts";

/** What is said of conditions, by the ids of their options. */
type ConditionFlags = Readonly<Record<(typeof CONDITIONS)[number]["option"], string | boolean | undefined>>;

/** Options that say which trials answers are learned from, and how. */
export interface SourceFlags extends CommonOptions, RawFlag, Readonly<Partial<Record<NumericFactor, string>>> {
  readonly proxy?: string;
  readonly sweep?: string;
  readonly like?: string;
  readonly model?: string;
  readonly from?: string;
  readonly calibrate?: boolean;
}

/** The same, with how sure an answer is to be. */
export interface QuestionFlags extends SourceFlags {
  readonly confidence?: string;
}

/** What is wanted at most, by the ids of the options. */
type LimitFlags = Readonly<Partial<Record<(typeof LIMITED_FIGURES)[number]["option"], string>>>;

/** The same, with what is wanted. */
export interface GoalFlags extends QuestionFlags, LimitFlags {
  readonly completed?: string;
  readonly within: string;
  readonly rps?: string;
}

/** Conditions and levels that are left open are those that were measured most. */
export function addSourceOptions(command: Command, { factors } = TABLES): Command {
  addRawOption(command);
  command.option("--proxy <names>", "the proxy asked about");
  for (const { option, value, help } of CONDITIONS) {
    if (value !== undefined) command.option(`${flagOf(option)} <${value}>`, `learn from ${help}`);
    else {
      command.option(flagOf(option), `learn from ${help}`);
      command.option(flagOf(option, { negated: option }), "learn from the others");
    }
  }
  for (const { id, quantity } of quantities(factors)) {
    const help = id === "memory" ? `${quantity.option?.help}, or none` : quantity.option?.help;
    if (quantity.option) command.option(`--${id} <${quantity.option.value}>`, help);
  }
  return command
    .option("--sweep <ids>", "learn from the trials of these sweeps only")
    .option("--like <trial>", "learn from trials made under the conditions of this one, and answer at its levels")
    .option("--model <name>", "answer by this model (the best on points left out, unless given)")
    .option("--from <file>", "answer by models that ./lab models --save kept, not by the trials of the store")
    .option("--calibrate", "scale these to this machine first, by two short trials");
}

export function addQuestionOptions(command: Command, tables = TABLES): Command {
  return addSourceOptions(command, tables).option("--confidence <share>", "how sure the answer is to be: 0.9 or 90%");
}

export function addGoalOptions(command: Command): Command {
  addQuestionOptions(command)
    .option("--completed <number>", "completed requests wanted")
    .option("--within <time>", "time they may take", "10s")
    .option("--rps <number>", "requests/s wanted, instead of --completed");
  for (const { target, option, help } of LIMITED_FIGURES)
    command.option(`${flagOf(option)} <${isShare(target) ? "share" : "time"}>`, help);
  return command;
}

/** Throws LAB_USAGE, and LAB_CONFIGURATION for a configuration that cannot be read. */
export async function answerSourceOf(flags: SourceFlags): Promise<AnswerSource> {
  const { sweep, like, memory, rate, model, from, calibrate, raw } = flags;
  if (calibrate && from === undefined)
    throw new LabError("LAB_USAGE", "--calibrate scales saved models: name their file with --from");
  const chosen = {
    ...(await conditionsIn(flags as ConditionFlags)),
    ...(sweep !== undefined && { sweeps: parseNames(sweep, "--sweep") }),
    ...(like !== undefined && { like }),
    ...(memory === NO_LIMIT && { noMemoryLimit: true }),
  };
  if (rate !== undefined && (chosen.loop ?? "open") !== "open")
    throw new LabError("LAB_USAGE", "--rate is a level of open loops: it goes with no other --loop", {
      help: "leave out one of the two",
    });
  if (from !== undefined && Object.keys(chosen).length > 0)
    throw new LabError("LAB_USAGE", "--from answers by saved models, whose conditions are those of their trials", {
      help: "leave out what chooses trials of the store, or leave out --from",
    });
  return {
    ...chosen,
    ...(model !== undefined && { model }),
    ...(from !== undefined && { from }),
    ...(calibrate && { calibrate }),
    ...(raw && { raw }),
  };
}

/** Asks for trials without a memory limit. */
const NO_LIMIT = "none";

async function conditionsIn(flags: ConditionFlags): Promise<AnswerSource> {
  const said = CONDITIONS.flatMap(({ key, option, parse }) => {
    const value = flags[option];
    if (value === undefined) return [];
    return [[key, typeof value === "boolean" ? value : parse(value, flagOf(option))]];
  });
  const conditions: AnswerSource = Object.fromEntries(said);
  const { configurationSha256: named } = conditions;
  return named ? { ...conditions, configurationSha256: await configurationHash(named) } : conditions;
}

/** A question about each of some proxies, which are answered under the same conditions. */
export function questionsOf(proxies: readonly string[], source: AnswerSource): Question[] {
  return proxies.map((proxy) => ({ ...source, proxy, among: proxies }));
}

/** The proxies asked about: those named, else that of the file. Throws LAB_USAGE. */
export async function proxiesOf(lab: Lab, { proxy, from }: SourceFlags): Promise<string[]> {
  if (proxy !== undefined) return parseNames(proxy, "--proxy");
  if (from !== undefined) return [(await lab.answers.saved(from)).proxy];
  throw new LabError("LAB_USAGE", "which proxy? name it with --proxy", { help: "such as --proxy haproxy" });
}

/** Levels that a question fixes; of the others those that were measured most. */
export function fixedLevels(flags: SourceFlags): FixedLevels {
  const levels = quantities().flatMap(({ id, key, quantity: { option } }) =>
    option && flags[id] !== undefined && flags[id] !== NO_LIMIT ? [[key, option.parse(flags[id], `--${id}`)]] : [],
  );
  return Object.fromEntries(levels);
}

export function confidenceOf({ confidence }: QuestionFlags): number {
  return parseShare(confidence ?? "0.9", "--confidence");
}

/** What the flags want of which proxies. Throws LAB_USAGE. */
export async function goalQuestionOf(lab: Lab, flags: GoalFlags): Promise<GoalQuestion> {
  return {
    goals: goalsOf(flags),
    confidence: confidenceOf(flags),
    levels: fixedLevels(flags),
    source: await answerSourceOf(flags),
    proxies: await proxiesOf(lab, flags),
  };
}

/** All goals together. Throws LAB_USAGE where there is none, and where a rate is wanted twice. */
function goalsOf({ completed, within, rps, rate, ...flags }: GoalFlags): Goals {
  const goals: Goals = {
    ...(rps !== undefined && { requestsPerSecond: parsePositive(rps, "--rps") }),
    ...(completed !== undefined && {
      completedRequests: parseCount(completed, "--completed"),
      withinSeconds: parseSeconds(within, "--within"),
    }),
    ...limitsIn(flags),
  };
  const help = "such as --completed 5000 --within 10s --p99 50ms";
  if (rps !== undefined && completed !== undefined)
    throw new LabError("LAB_USAGE", "say what rate is wanted: either --completed or --rps", { help });
  if (rate !== undefined && (rps ?? completed) !== undefined)
    throw new LabError("LAB_USAGE", "say what rate is wanted once: --rate, or --rps or --completed", { help });
  if (Object.keys(goals).length > 0) return goals;
  const limits = LIMITED_FIGURES.map(({ option }) => flagOf(option)).join(", ");
  throw new LabError("LAB_USAGE", `say what is wanted: --completed, --rps, ${limits}, or several`, { help });
}

function limitsIn(flags: LimitFlags): Goals {
  const said = LIMITED_FIGURES.flatMap(({ key, target, option }) => {
    const [text, name] = [flags[option], flagOf(option)];
    if (text === undefined) return [];
    if (!isShare(target)) return [[key, parseLatency(text, name)]];
    return [[key, text === "0" ? 0 : parseShare(text, name)]];
  });
  return Object.fromEntries(said);
}

export function learnedIds(figures = FIGURES): LearnedFigure[] {
  return learnable(figures).map(({ id }) => id);
}

/** The figures of a list of names, or all. Throws LAB_USAGE. */
export function figuresOf(names: string): LearnedFigure[] {
  const known = learnedIds();
  const chosen = parseNames(names, "--figure").map((name) => parseKnown(name, ["all" as const, ...known], "--figure"));
  return [...new Set(chosen.flatMap((name) => (name === "all" ? known : name)))];
}
