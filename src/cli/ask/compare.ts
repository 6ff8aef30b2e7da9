import type { Command } from "commander";
import { parseShare } from "../../core/domain/levels.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { type Comparison, compare } from "../../core/statistics/trials/compare.ts";
import { comparisonTable, drawTable, type Figure, figureOf, settingWithout } from "../../core/views/index.ts";
import { comparisonInWords } from "../../core/words/comparison.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";

interface Flags extends CommonOptions {
  readonly figure: string;
  readonly sweep?: string;
  readonly confidence: string;
  readonly maxRegress?: string;
}

interface Sides {
  readonly first: readonly TrialRecord[];
  readonly second: readonly TrialRecord[];
  /** What the sides differ in, and settings therefore leave out. */
  readonly differ: "proxy" | "sweep";
}

/** `lab compare`: two proxies of one sweep, or two sweeps, as ratios with intervals. */
export function addCompareCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("compare <first> <second>")
    .description("compare two proxies of a sweep, or two sweeps, as ratios with intervals")
    .option("--figure <name>", "the figure to compare", "requestsPerSecond")
    .option("--sweep <id>", "the sweep with both proxies (the newest with both, unless given)")
    .option("--confidence <share>", "of the interval: 95%", "95%")
    .option("--max-regress <share>", "exit with 5 when the second is shown to be worse by more than this: 5%")
    .action(async (first: string, second: string, _: unknown, command: Command) => {
      setExit(await compareCommand(first, second, command.optsWithGlobals<Flags>()));
    });
}

async function compareCommand(first: string, second: string, flags: Flags): Promise<number> {
  const figure = figureOf(flags.figure);
  const confidence = parseShare(flags.confidence, "--confidence");
  const maxRegress = flags.maxRegress === undefined ? undefined : parseShare(flags.maxRegress, "--max-regress");
  const engine = await openEngine(flags);
  try {
    const sides = sidesOf(engine, first, second, flags.sweep);
    const found = compare(sides.first, sides.second, figure.of, settingWithout(sides.differ), confidence);
    if (found.pairings.length === 0) throw nothingInCommon(first, second, figure);
    const regressed = maxRegress !== undefined && isWorse(found, figure, maxRegress);
    if (flags.json) printJson({ first, second, figure: figure.id, ...withoutTrials(found), regressed });
    else printComparison(found, figure, [first, second], regressed);
    return regressed ? EXIT.regressed : EXIT.ok;
  } finally {
    engine.close();
  }
}

/** Names are proxies where a sweep has trials of both, else sweeps. */
function sidesOf(engine: Engine, first: string, second: string, sweepId: string | undefined): Sides {
  const sweeps = sweepId === undefined ? engine.store.sweeps() : [engine.findSweep(sweepId)];
  for (const { id, spec } of sweeps) {
    if (!spec.proxies.includes(first) || !spec.proxies.includes(second)) continue;
    const trials = engine.store.trials({ sweepId: id });
    const of = (proxy: string) => trials.filter(({ point }) => point.proxy === proxy);
    return { first: of(first), second: of(second), differ: "proxy" };
  }
  const known = engine.store.sweeps().map(({ id }) => id);
  const unknown = [first, second].find((name) => !known.includes(name));
  if (unknown === undefined) {
    const [one, other] = [first, second].map((id) => engine.store.trials({ sweepId: id }));
    return { first: one!, second: other!, differ: "sweep" };
  }
  throw new LabError("LAB_NO_DATA", `no sweep has both proxies ${first} and ${second}, and "${unknown}" is no sweep`, {
    help: `measure them together: ./lab sweep --proxy ${first},${second}`,
  });
}

/** Shown to be worse, and by more than allowed. */
function isWorse({ ratio, verdict }: Comparison, { better }: Figure, allowed: number): boolean {
  if (!ratio || better === "neither") return false;
  if (better === "lower") return verdict === "higher" && ratio.estimate > 1 + allowed;
  return verdict === "lower" && ratio.estimate < 1 - allowed;
}

function printComparison(
  found: Comparison,
  figure: Figure,
  names: readonly [string, string],
  regressed: boolean,
): void {
  printLine(drawTable(comparisonTable(found, figure, names), terminal()));
  printLine(`\n${comparisonInWords(found, figure.label, names).join("\n")}`);
  if (regressed) printLine("worse by more than --max-regress allows");
}

function withoutTrials({ pairings, ...found }: Comparison) {
  return { ...found, pairings: pairings.map(({ trial, ...pairing }) => ({ point: trial.point, ...pairing })) };
}

function nothingInCommon(first: string, second: string, { id }: Figure): LabError {
  return new LabError("LAB_NO_DATA", `${first} and ${second} have no setting in common with a ${id}`, {
    help: "measure them at the same levels",
  });
}
