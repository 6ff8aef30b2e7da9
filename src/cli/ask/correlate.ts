import type { Command } from "commander";
import { parseChoice, parseNames, parseShare } from "../../core/domain/levels.ts";
import { EXIT } from "../../core/errors.ts";
import { heatMap } from "../../core/views/heatMap.ts";
import { speedRemarks } from "../../core/words/speed.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { addRawOption, type RawFlag } from "../terminal/rawOption.ts";

interface Flags extends CommonOptions, RawFlag {
  readonly proxy?: string;
  readonly sweep?: string;
  readonly method: string;
  readonly confidence: string;
}

/** `lab correlate`: what goes with what, for each proxy. */
export function addCorrelateCommand(program: Command): void {
  addRawOption(program.command("correlate"))
    .description("correlate factors and figures with each other, for each proxy")
    .option("--proxy <names>", "only these proxies")
    .option("--sweep <id>", "only this sweep (all trials made under the conditions measured most, unless given)")
    .option("--method <name>", "what the map shows: spearman (ranks) or pearson; --json has both", "spearman")
    .option("--confidence <share>", "of the intervals: 95%", "95%")
    .action(action(correlateCommand));
}

async function correlateCommand(flags: Flags): Promise<number> {
  const method = parseChoice(flags.method, ["spearman", "pearson"], "--method");
  const confidence = parseShare(flags.confidence, "--confidence");
  const wanted = flags.proxy === undefined ? undefined : parseNames(flags.proxy, "--proxy");
  const found = await inLab(flags, ({ analysis }) =>
    analysis.correlate(wanted, flags.sweep, { confidence, raw: flags.raw }),
  );
  for (const { proxy, trials, others, matrix, speed } of found) {
    if (flags.json) {
      printJson({ proxy, trials, otherConditions: others, ...matrix, speed });
      continue;
    }
    const left = others > 0 ? `; ${others} made under other conditions left out` : "";
    const name = method === "spearman" ? "Spearman's rank" : "Pearson's";
    printLine(`${proxy}, ${name} correlation, ${trials} trials${left}`);
    printLine(`${heatMap(matrix, method, terminal())}\n`);
    for (const remark of speedRemarks(speed)) printLine(`${remark}\n`);
  }
  if (!flags.json) printLine("faint: may be chance. Between factors: how the plan was made, not what the proxy does.");
  return EXIT.ok;
}
