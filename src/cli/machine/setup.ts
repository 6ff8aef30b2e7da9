import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { adviceInWords } from "../../core/machine/advice.ts";
import type { SetupOutcome, SetupProgress } from "../../core/machine/provision/provision.ts";
import type { InstallPlan } from "../../core/machine/provision/recipes.ts";
import { installableNames, planSetup, runSetup } from "../../core/machine/provision/setup.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { interruptible } from "../terminal/interrupt.ts";
import { printJson, printLine } from "../terminal/output.ts";

interface Flags extends CommonOptions {
  readonly yes?: boolean;
}

/** `lab setup`: installs what is missing. */
export function addSetupCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("setup [names...]")
    .description("install missing proxies and load tools (all, or the named ones); asks first")
    .option("--yes", "do not ask")
    .action(async (names: string[], _: unknown, command: Command) => {
      setExit(await setupCommand(names, command.optsWithGlobals<Flags>()));
    });
}

async function setupCommand(names: readonly string[], flags: Flags): Promise<number> {
  const engine = await openEngine(flags);
  checkNames(names, installableNames(engine));
  const plan = await planSetup(engine, names.length > 0 ? names : undefined);
  if (plan.steps.length > 0 && !flags.yes && !(await consent(plan))) {
    process.stderr.write("nothing was changed\n");
    return EXIT.usage;
  }
  const { outcomes, interrupted } = await install(engine, plan);
  if (flags.json) printJson({ outcomes: outcomes.map(asJson), interrupted });
  else printOutcomes(outcomes);
  if (interrupted) return EXIT.interrupted;
  return outcomes.every(({ state }) => state === "installed") ? EXIT.ok : EXIT.someFailed;
}

/** Installs with progress on stderr. */
export function install(
  engine: Engine,
  plan: InstallPlan,
): Promise<{ outcomes: SetupOutcome[]; interrupted: boolean }> {
  return interruptible(async (signal) => {
    const outcomes = await runSetup(engine, plan, { onProgress: progressPrinter(), signal });
    return { outcomes, interrupted: signal.aborted };
  });
}

/** What became of each program. */
export function printOutcomes(outcomes: readonly SetupOutcome[]): void {
  if (outcomes.length === 0) printLine("nothing is missing");
  for (const outcome of outcomes) printLine(inWords(outcome));
}

function inWords(outcome: SetupOutcome): string {
  switch (outcome.state) {
    case "installed":
      return `${outcome.program}: installed${outcome.version ? `, version ${outcome.version}` : ""}`;
    case "failed":
      return `${outcome.program}: ${outcome.reason}\n  ${adviceInWords(outcome.advice)}`;
    case "by-hand":
      return `${outcome.program}: ${adviceInWords(outcome.advice)}`;
  }
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

function progressPrinter(): (progress: SetupProgress) => void {
  const { stderr } = process;
  let shown = 0;
  return ({ step, of, title, line }) => {
    if (step !== shown) stderr.write(`${shown > 0 && stderr.isTTY ? "\r\x1b[2K" : ""}[${step}/${of}] ${title}\n`);
    else if (line && stderr.isTTY) stderr.write(`\r\x1b[2K  ${line.slice(0, (stderr.columns ?? 80) - 4)}`);
    if (step === of && line === undefined && stderr.isTTY) stderr.write("\r\x1b[2K");
    shown = step;
  };
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

function checkNames(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new LabError("LAB_USAGE", `setup does not know "${unknown}"`, { help: `choose from: ${known.join(", ")}` });
}
