import type { Command } from "commander";
import { LabError } from "../core/errors.ts";
import { parsePositive } from "../core/experiment/levels.ts";
import { type Prediction, predict, type Refused, TARGETS, type TargetName } from "../core/predict/index.ts";
import { formatInterval, formatPercent, formatWithUnit } from "../core/report/index.ts";
import { openEngine } from "./context.ts";
import { nested, printJson, printLine } from "./output.ts";
import { addQuestionOptions, confidenceOf, fixedLevels, learn, type QuestionFlags } from "./question.ts";
import { reportRefusal } from "./refusal.ts";

interface Flags extends QuestionFlags {
  readonly proxy: string;
  readonly cpu: string;
  readonly figure: string;
}

/** `lab predict`: what will a proxy do at this limit? */
export function addPredictCommand(program: Command, setExit: (code: number) => void): void {
  addQuestionOptions(program.command("predict"))
    .description("predict what a proxy will do under a CPU limit, with an interval")
    .requiredOption("--cpu <cores>", "CPU limit in cores")
    .option("--figure <name>", `one of ${Object.keys(TARGETS).join(", ")}`, "requestsPerSecond")
    .action(async (_: unknown, command: Command) => setExit(await predictCommand(command.optsWithGlobals<Flags>())));
}

async function predictCommand(flags: Flags): Promise<number> {
  const figure = figureOf(flags.figure);
  const levels = { ...fixedLevels(flags), cpu: parsePositive(flags.cpu, "--cpu") };
  const confidence = confidenceOf(flags);
  const engine = await openEngine(flags);
  try {
    const predictor = await learn(engine, flags.proxy, flags, figure);
    const answer: Prediction | Refused = predictor.ok ? await predict(predictor, levels, confidence) : predictor;
    if (!answer.ok) return reportRefusal(flags.proxy, answer, flags.json ?? false);
    if (flags.json) printJson(asJson(flags.proxy, levels, answer));
    else printLine(inWords(flags, answer));
    return 0;
  } finally {
    engine.close();
  }
}

/** The figure of a name. Throws LAB_USAGE. */
export function figureOf(name: string): TargetName {
  if (name in TARGETS) return name as TargetName;
  throw new LabError("LAB_USAGE", `--figure: there is no "${name}"`, {
    help: `choose from: ${Object.keys(TARGETS).join(", ")}`,
  });
}

function asJson(proxy: string, levels: object, { quantity, target, ok: _, ...rest }: Prediction): object {
  return { proxy, ...levels, ...nested(target, quantity), ...rest };
}

function inWords({ proxy, cpu }: Flags, { quantity, unit, model, medianApe, rowsUsed }: Prediction): string {
  const figure = formatInterval(quantity, (value) => formatWithUnit(value, unit));
  const sure = formatPercent(quantity.confidence);
  return `${proxy} at ${cpu} cpu: ${figure}, ${sure} sure for one further run\n  ${model}, median error ${formatPercent(medianApe)} on points left out, ${rowsUsed} trials`;
}
