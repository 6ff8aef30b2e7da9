import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { EXIT, LabError } from "../../core/errors.ts";
import type { InstallPlan, SetupOutcome } from "../../core/lab.ts";
import { adviceInWords } from "../../core/machine/advice.ts";
import { action } from "../terminal/action.ts";
import { install, printOutcomes } from "../terminal/installing.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson } from "../terminal/output.ts";

interface Flags extends CommonOptions {
  readonly yes?: boolean;
}

/** `lab setup`: installs what is missing. */
export function addSetupCommand(program: Command): void {
  program
    .command("setup [names...]")
    .description("install missing proxies and load tools (all, or the named ones); asks first")
    .option("--yes", "do not ask")
    .action(action(setupCommand));
}

function setupCommand(names: readonly string[], flags: Flags): Promise<number> {
  return inLab(flags, async (lab) => {
    const plan = await lab.machine.planSetup(names.length > 0 ? names : "all");
    if (plan.steps.length > 0 && !flags.yes && !(await consent(plan))) {
      process.stderr.write("nothing was changed\n");
      return EXIT.usage;
    }
    const { outcomes, interrupted } = await install(lab, plan);
    if (flags.json) printJson({ outcomes: outcomes.map(asJson), interrupted });
    else printOutcomes(outcomes);
    if (interrupted) return EXIT.interrupted;
    return outcomes.every(({ state }) => state === "installed") ? EXIT.ok : EXIT.someFailed;
  });
}

/** The fields that readers of `--json` know: advice in words. */
function asJson(outcome: SetupOutcome) {
  if (outcome.state === "installed") return outcome;
  const { advice, ...what } = outcome;
  const help = adviceInWords(advice);
  if (!("tail" in what)) return { ...what, help };
  const { tail, ...failure } = what;
  return { ...failure, help, tail };
}

async function consent(plan: InstallPlan): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new LabError("LAB_USAGE", "setup asks before it installs, and there is no terminal to ask at", {
      help: "look at what it would do in a terminal, or say --yes",
    });
  }
  process.stderr.write(`This will run:\n${plan.steps.map(({ argv }) => `  ${argv.join(" ")}\n`).join("")}`);
  return /^y(es)?$/i.test((await ask("Go on? [y/N] ")).trim());
}

/** The answer to a question; empty for Ctrl-C and Ctrl-D. */
async function ask(question: string): Promise<string> {
  const asker = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => asker.once("close", () => resolve("\n")));
  const answer = await Promise.race([asker.question(question).catch(() => "\n"), closed]);
  asker.close();
  if (answer === "\n") process.stderr.write(answer); // the cursor still stands behind the question
  return answer;
}
