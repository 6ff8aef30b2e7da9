import type { InstallPlan, Lab, SetupOutcome, SetupProgress } from "../../core/lab.ts";
import { adviceInWords } from "../../core/machine/advice.ts";
import { interruptible } from "./interrupt.ts";
import { printLine } from "./output.ts";

/** Installs with progress on stderr. */
export function install(lab: Lab, plan: InstallPlan) {
  return interruptible((signal) => lab.machine.setUp(plan, progressPrinter(), signal));
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
