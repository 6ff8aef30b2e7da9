import type { Command } from "commander";
import { EXIT } from "../../core/errors.ts";
import type { Diagnosis } from "../../core/lab.ts";
import { adviceInWords } from "../../core/machine/advice.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { diagnosisInWords } from "./doctorText.ts";

/** `lab doctor`: what is there, what is missing, and what would help. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("show what works on this machine (proxies, load tools, limiters), and what would help")
    .action(action(doctorCommand));
}

async function doctorCommand(options: CommonOptions): Promise<number> {
  const found = await inLab(options, (lab) => lab.machine.diagnose());
  if (options.json) printJson(asJson(found));
  else printLine(diagnosisInWords(found, terminal()));
  return found.combination ? EXIT.ok : EXIT.nothingMeasured;
}

/** The fields that readers of `--json` know: advice in words, detections flat. */
function asJson({ machine, checks, findings, ...found }: Diagnosis) {
  return {
    machine,
    checks: checks.map(({ advice, ...check }) => ({ ...check, ...(advice && { advice: adviceInWords(advice) }) })),
    ...found,
    usable: found.combination !== undefined,
    findings: findings.map(({ detection, advice, ...part }) => ({
      ...part,
      ...(advice && { command: adviceInWords(advice) }),
      ...detection,
    })),
  };
}
