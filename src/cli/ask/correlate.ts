import type { Command } from "commander";
import { comparableTrials } from "../../core/answer/index.ts";
import { parseNames, parseShare } from "../../core/domain/levels.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import type { Engine } from "../../core/engine.ts";
import { EXIT, LabError } from "../../core/errors.ts";
import { correlateTrials, heatMap } from "../../core/views/index.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";

interface Flags extends CommonOptions {
  readonly proxy?: string;
  readonly sweep?: string;
  readonly method: string;
  readonly confidence: string;
}

/** `lab correlate`: what goes with what, for each proxy. */
export function addCorrelateCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("correlate")
    .description("correlate factors and figures with each other, for each proxy")
    .option("--proxy <names>", "only these proxies")
    .option("--sweep <id>", "only this sweep (all trials made like a proxy's newest, unless given)")
    .option("--method <name>", "what the map shows: spearman (ranks) or pearson; --json has both", "spearman")
    .option("--confidence <share>", "of the intervals: 95%", "95%")
    .action(async (_: unknown, command: Command) => setExit(await correlateCommand(command.optsWithGlobals<Flags>())));
}

async function correlateCommand(flags: Flags): Promise<number> {
  const method = methodOf(flags.method);
  const confidence = parseShare(flags.confidence, "--confidence");
  const engine = await openEngine(flags);
  try {
    for (const [proxy, all] of trialsByProxy(engine, flags)) {
      const { trials, others } = comparableTrials(all);
      const matrix = correlateTrials(trials, confidence);
      if (flags.json) {
        printJson({ proxy, trials: trials.length, otherConditions: others, ...matrix });
        continue;
      }
      const left = others > 0 ? `; ${others} made under other conditions left out` : "";
      printLine(
        `${proxy}, ${method === "spearman" ? "Spearman's rank" : "Pearson's"} correlation, ${trials.length} trials${left}`,
      );
      printLine(`${heatMap(matrix, method, terminal())}\n`);
    }
    if (!flags.json)
      printLine("faint: may be chance. Between factors: how the plan was made, not what the proxy does.");
    return EXIT.ok;
  } finally {
    engine.close();
  }
}

function trialsByProxy(engine: Engine, { proxy, sweep }: Flags): Map<string, TrialRecord[]> {
  const wanted = proxy === undefined ? undefined : parseNames(proxy, "--proxy");
  for (const id of wanted ?? []) engine.registry.get("proxy", id);
  const trials = engine.store
    .trials(sweep === undefined ? {} : { sweepId: engine.findSweep(sweep).id })
    .filter(({ point, status }) => status === "completed" && (wanted?.includes(point.proxy) ?? true));
  if (trials.length > 0) return Map.groupBy(trials, ({ point }) => point.proxy);
  throw new LabError("LAB_NO_DATA", "there are no completed trials to correlate", {
    help: "run some with ./lab sweep",
  });
}

function methodOf(name: string): "spearman" | "pearson" {
  if (name === "spearman" || name === "pearson") return name;
  throw new LabError("LAB_USAGE", `--method: "${name}" is not spearman or pearson`);
}
