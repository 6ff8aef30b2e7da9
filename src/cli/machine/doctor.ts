import type { Command } from "commander";
import { EXIT } from "../../core/errors.ts";
import type { Diagnosis } from "../../core/lab.ts";
import { adviceInWords } from "../../core/machine/advice.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { diagnosisInWords } from "./doctorText.ts";

/** `lab doctor`: what is there, what is missing, and what would help. */
export function addDoctorCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("doctor")
    .description("show what works on this machine (proxies, load tools, limiters), and what would help")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const found = await inLab(options, (lab) => lab.machine.diagnose());
      if (options.json) printJson(asJson(found));
      else printLine(diagnosisInWords(found, terminal()));
      setExit(found.combination ? EXIT.ok : EXIT.nothingMeasured);
    });
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
