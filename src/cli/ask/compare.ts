import type { Command } from "commander";
import { figureOf } from "../../core/domain/figures.ts";
import { parseShare } from "../../core/domain/levels.ts";
import { EXIT } from "../../core/errors.ts";
import type { Comparison } from "../../core/lab.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";
import { printComparison } from "../terminal/views.ts";

interface Flags extends CommonOptions {
  readonly figure: string;
  readonly sweep?: string;
  readonly confidence: string;
  readonly maxRegress?: string;
}

/** `lab compare`: two proxies of one sweep, or two sweeps, as ratios with intervals. */
export function addCompareCommand(program: Command): void {
  program
    .command("compare <first> <second>")
    .description("compare two proxies of a sweep, or two sweeps, as ratios with intervals")
    .option("--figure <name>", "the figure to compare", "requestsPerSecond")
    .option("--sweep <id>", "the sweep with both proxies (the newest with both, unless given)")
    .option("--confidence <share>", "of the interval: 95%", "95%")
    .option("--max-regress <share>", "exit with 5 when the second is shown to be worse by more than this: 5%")
    .action(action(compareCommand));
}

async function compareCommand(first: string, second: string, flags: Flags): Promise<number> {
  const figure = figureOf(flags.figure);
  const names = [first, second] as const;
  const confidence = parseShare(flags.confidence, "--confidence");
  const maxRegress = flags.maxRegress === undefined ? undefined : parseShare(flags.maxRegress, "--max-regress");
  const { found, regressed } = await inLab(flags, ({ analysis }) =>
    analysis.compare(names, figure, { sweep: flags.sweep, confidence, maxRegress }),
  );
  if (flags.json) printJson({ first, second, figure: figure.id, ...withoutTrials(found), regressed });
  else printComparison(found, figure, names);
  if (regressed && !flags.json) printLine("worse by more than --max-regress allows");
  return regressed ? EXIT.regressed : EXIT.ok;
}

function withoutTrials({ pairings, ...found }: Comparison) {
  return { ...found, pairings: pairings.map(({ trial, ...pairing }) => ({ point: trial.point, ...pairing })) };
}
