import type { Command } from "commander";
import { EXIT } from "../../core/errors.ts";
import { type Diagnosis, diagnose, type Finding } from "../../core/machine/doctor/diagnose.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import { diagnosisInWords } from "./doctorText.ts";

/** `lab doctor`: what is there, what is missing, and what would help. */
export function addDoctorCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("doctor")
    .description("show what works on this machine (proxies, load tools, limiters), and what would help")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const found = await diagnose(await openEngine(options));
      if (options.json) printJson(asJson(found));
      else printLine(diagnosisInWords(found, terminal()));
      setExit(found.combination ? EXIT.ok : EXIT.nothingMeasured);
    });
}

function asJson({ findings, ...found }: Diagnosis) {
  return { ...found, usable: found.combination !== undefined, findings: findings.map(flat) };
}

function flat({ detection, ...finding }: Finding) {
  return { ...finding, ...detection };
}
