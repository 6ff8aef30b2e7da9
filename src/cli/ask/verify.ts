import type { Command } from "commander";
import type { GoalQuestion, VerifiableAnswer, Verification } from "../../core/answer/index.ts";
import { kinds, parseCount, parseSeconds } from "../../core/domain/levels.ts";
import { SCHEMA_VERSION } from "../../core/domain/record.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import type { Lab } from "../../core/lab.ts";
import { recommendationInWords } from "../../core/words/answers.ts";
import { verificationInWords } from "../../core/words/verification.ts";
import { action } from "../terminal/action.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { inLab, telling, withProgress } from "../terminal/lab.ts";
import { printJson, printLine } from "../terminal/output.ts";
import { addGoalOptions, type GoalFlags, goalQuestionOf } from "../terminal/questionOptions.ts";
import { printRefusal } from "../terminal/refusal.ts";

interface Flags extends GoalFlags {
  readonly last?: boolean;
  readonly replicates?: string;
  readonly window?: string;
  readonly port?: string;
}

/** `lab verify`: does a recommendation hold? */
export function addVerifyCommand(program: Command): void {
  addGoalOptions(program.command("verify"))
    .description("run a recommended limit, and one a step below, for real, and say whether the goals are met")
    .option("--last", "the last question that ./lab recommend answered")
    .option("--replicates <number>", "runs of each limit (3, or 12 where trials were short visits, unless given)")
    .option("--window <time>", "shortest measuring window (as in the trials learned from, unless given)")
    .option("--port <number>", "port for the proxy to listen on (a free one unless given)")
    .action(action(verifyCommand));
}

function verifyCommand(flags: Flags): Promise<number> {
  return inLab(flags, async (lab) => {
    const question = flags.last ? await lab.answers.last() : await oneProxy(lab, flags);
    const claim = await lab.answers.verifiable(question);
    // Also where the least CPU that was measured is enough: no limit was recommended, and none was run.
    if ("refusal" in claim) {
      printRefusal({ proxy: claim.proxy, json: flags.json }, claim);
      return EXIT.nothingMeasured;
    }
    const { proxy, goals, recommendation } = claim;
    if (!flags.json) printLine(recommendationInWords(proxy, recommendation).join("\n"));
    const found = await run(lab, claim, flags);
    if (flags.json) {
      const { ok: _, ...answer } = recommendation;
      const head = { schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), type: "verified" };
      printJson({ ...head, proxy, goals, recommendation: answer, ...found });
    } else {
      printLine(verificationInWords(goals, found).join("\n"));
    }
    return exitCodeOf(found);
  });
}

async function oneProxy(lab: Lab, flags: Flags): Promise<GoalQuestion> {
  const question = await goalQuestionOf(lab, flags);
  if (question.proxies.length === 1) return question;
  throw new LabError("LAB_USAGE", "verify one proxy at a time", { help: `such as --proxy ${question.proxies[0]}` });
}

function run(lab: Lab, claim: VerifiableAnswer, { replicates, window, port, json }: Flags): Promise<Verification> {
  return interruptible((signal) =>
    withProgress(telling(json), (onEvent) =>
      lab.answers.verify(claim, {
        signal,
        onEvent,
        ...(replicates === undefined ? {} : { replicates: parseCount(replicates, "--replicates") }),
        ...(window === undefined ? {} : { windowSeconds: parseSeconds(window, "--window") }),
        ...(port === undefined ? {} : { proxyPort: kinds.port.parse(port, "--port") }),
      }),
    ),
  );
}

function exitCodeOf({ status, recommended }: Verification): number {
  if (status === "interrupted") return EXIT.interrupted;
  if (recommended.held === undefined) return EXIT.nothingMeasured;
  return recommended.held ? EXIT.ok : EXIT.notHeld;
}
