import type { Command } from "commander";
import { figureOf } from "../../core/domain/figures.ts";
import { parseShare } from "../../core/domain/levels.ts";
import { EXIT } from "../../core/errors.ts";
import type { Comparison, GateOutcome } from "../../core/lab.ts";
import { gateInWords } from "../../core/words/comparison.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine } from "../terminal/output.ts";
import { addRawOption, type RawFlag } from "../terminal/rawOption.ts";
import { printComparison } from "../terminal/views.ts";

interface Flags extends CommonOptions, RawFlag {
  readonly figure: string;
  readonly sweep?: string;
  readonly confidence: string;
  readonly detect?: string;
  readonly maxRegress?: string;
  readonly failOnUnstable?: boolean;
  readonly acrossMachines?: boolean;
}

/** `lab compare`: two proxies of one sweep, or two sweeps, as ratios with intervals. */
export function addCompareCommand(program: Command): void {
  addRawOption(program.command("compare <first> <second>"))
    .description("compare two proxies of a sweep, or two sweeps, as ratios with intervals")
    .option("--figure <name>", "the figure to compare", "requestsPerSecond")
    .option("--sweep <id>", "the sweep with both proxies (the newest with both, unless given)")
    .option("--confidence <share>", "of the interval: 95%", "95%")
    .option("--detect <share>", "the difference that matters: 5%, or that of --max-regress")
    .option("--max-regress <share>", "exit with 5 when the second is shown to be worse by more than this: 5%")
    .option("--fail-on-unstable", "exit with 7 when the measurements do not allow an answer")
    .option("--across-machines", "let --max-regress judge sides that were measured on different machines")
    .action(action(compareCommand));
}

async function compareCommand(first: string, second: string, flags: Flags): Promise<number> {
  const figure = figureOf(flags.figure);
  const names = [first, second] as const;
  const confidence = parseShare(flags.confidence, "--confidence");
  const share = (name: "detect" | "maxRegress", flag: string) =>
    flags[name] === undefined ? undefined : parseShare(flags[name], flag);
  const { sweep, acrossMachines, raw } = flags;
  const [matters, maxRegress] = [share("detect", "--detect"), share("maxRegress", "--max-regress")];
  const { found, gate, speed } = await inLab(flags, ({ analysis }) =>
    analysis.compare(names, figure, { sweep, confidence, matters, maxRegress, acrossMachines, raw }),
  );
  if (flags.json) {
    printJson({
      first,
      second,
      figure: figure.id,
      ...withoutTrials(found),
      regressed: gate === "regressed",
      ...(gate && { gate }),
      ...(speed && { speed }),
    });
  } else {
    printComparison(found, figure, names, speed);
    if (gate) printLine(gateInWords(gate));
  }
  if (gate === "regressed") return EXIT.regressed;
  return flags.failOnUnstable && isOpen(found, gate) ? EXIT.unstable : EXIT.ok;
}

/** Nothing can be told of what was asked: whether the second is worse than it may be, or else whether they differ. */
function isOpen({ verdict }: Comparison, gate: GateOutcome | undefined): boolean {
  return gate ? gate === "unstable" : verdict === "unstable" || verdict === "too few";
}

function withoutTrials({ pairings, ...found }: Comparison) {
  return { ...found, pairings: pairings.map(({ trial, ...pairing }) => ({ point: trial.point, ...pairing })) };
}
