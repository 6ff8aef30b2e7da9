import type { Command } from "commander";
import { comparableTrials, type Goals } from "../../core/answer/index.ts";
import type { Example } from "../../core/answer/verify/setting.ts";
import { type Verification, verify } from "../../core/answer/verify/verify.ts";
import type { LabEvent } from "../../core/domain/events.ts";
import { parseCount, parseSeconds } from "../../core/domain/levels.ts";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { recommendationInWords } from "../../core/words/answers.ts";
import { verificationInWords } from "../../core/words/verification.ts";
import { openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { Progress } from "../terminal/progress.ts";
import { addGoalOptions, type GoalFlags, goalsOf } from "./goals.ts";
import { lastQuestion } from "./lastQuestion.ts";
import { addQuestionOptions, proxiesOf, type QuestionFlags, trialsOf } from "./question.ts";
import { answerFor } from "./recommend.ts";
import { reportRefusal } from "./refusal.ts";
import { loadSaved } from "./savedModels.ts";

type Flags = QuestionFlags &
  GoalFlags & {
    readonly last?: boolean;
    readonly replicates: string;
    readonly window?: string;
    readonly port?: string;
  };

/** `lab verify`: does a recommendation hold? */
export function addVerifyCommand(program: Command, setExit: (code: number) => void): void {
  addGoalOptions(addQuestionOptions(program.command("verify")))
    .description("run a recommended limit, and one a step below, for real, and say whether the goals are met")
    .option("--last", "the last question that ./lab recommend answered")
    .option("--replicates <number>", "runs of each limit", "3")
    .option("--window <time>", "shortest measuring window (as in the trials learned from, unless given)")
    .option("--port <number>", "port for the proxy to listen on (a free one unless given)")
    .action(async (_: unknown, command: Command) => setExit(await verifyCommand(command.optsWithGlobals<Flags>())));
}

async function verifyCommand(given: Flags): Promise<number> {
  const engine = await openEngine(given);
  try {
    const flags = given.last ? { ...(await lastQuestion<Flags>(engine.store.path)), ...withoutGoals(given) } : given;
    const goals = goalsOf(flags);
    const [proxy, ...others] = await proxiesOf(flags);
    if (others.length > 0 && !given.last)
      throw new LabError("LAB_USAGE", "verify one proxy at a time", { help: `such as --proxy ${proxy}` });
    const best = given.last ? await bestOf(engine, [proxy!, ...others], flags, goals) : proxy!;
    return await verifyOne(engine, best, flags, goals);
  } finally {
    engine.close();
  }
}

/** What `--last` leaves to the command line: how to verify, not what. */
function withoutGoals({ json, store, plugins, replicates, window, port }: Flags): Partial<Flags> {
  const own = { json, store, plugins, replicates, window, port };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}

/** Of several proxies the first in rank that has a limit to verify. */
async function bestOf(engine: Engine, proxies: readonly string[], flags: Flags, goals: Goals): Promise<string> {
  let [best, least] = [proxies[0]!, Number.POSITIVE_INFINITY];
  for (const proxy of proxies.length > 1 ? proxies : []) {
    const found = await answerFor(engine, proxy, flags, goals);
    if (found.ok && found.recommendedCpu < least) [best, least] = [proxy, found.recommendedCpu];
  }
  return best;
}

async function verifyOne(engine: Engine, proxy: string, flags: Flags, goals: Goals): Promise<number> {
  const json = flags.json ?? false;
  const answer = await answerFor(engine, proxy, flags, goals);
  if (!answer.ok) {
    reportRefusal(proxy, answer, json);
    // Also where the least CPU that was measured is enough: no limit was recommended, and none was run.
    return EXIT.nothingMeasured;
  }
  if (!json) printLine(recommendationInWords(proxy, answer).join("\n"));
  const example = await exampleFor(engine, proxy, flags);
  const claim = { goals, cpu: answer.recommendedCpu, levels: answer.levels, example };
  const progress = new Progress(process.stderr, json);
  const onEvent = (event: LabEvent) => {
    if (json) printJson(event);
    progress.see(event);
  };
  const found = await interruptible((signal) =>
    verify(engine, claim, {
      signal,
      onEvent,
      replicates: parseCount(flags.replicates, "--replicates"),
      ...(flags.window === undefined ? {} : { windowSeconds: parseSeconds(flags.window, "--window") }),
      ...(flags.port === undefined ? {} : { proxyPort: parseCount(flags.port, "--port") }),
    }),
  ).finally(() => progress.close());
  if (json) {
    const { ok: _, ...recommendation } = answer;
    const head = { schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "verified" };
    printJson({ ...head, proxy, goals, recommendation, ...found });
  } else {
    printLine(verificationInWords(goals, found).join("\n"));
  }
  return exitCodeOf(found);
}

/** How a recommendation is tried: like the newest trial that it came from. Throws LAB_NO_DATA. */
async function exampleFor(engine: Engine, proxy: string, flags: Flags): Promise<Example> {
  if (flags.from !== undefined) return (await loadSaved(flags.from)).example;
  const example = comparableTrials(trialsOf(engine, proxy, flags)).trials.at(-1);
  if (example) return example;
  throw new LabError("LAB_NO_DATA", `the store has no trial of ${proxy} to make trials like`, {
    help: `measure it first: ./lab sweep --proxy ${proxy}`,
  });
}

function exitCodeOf({ status, recommended }: Verification): number {
  if (status === "interrupted") return EXIT.interrupted;
  if (recommended.held === undefined) return EXIT.nothingMeasured;
  return recommended.held ? EXIT.ok : EXIT.notHeld;
}
