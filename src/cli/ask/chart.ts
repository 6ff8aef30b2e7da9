import type { Command } from "commander";
import { LabError } from "../../core/errors.ts";
import {
  FACTORS,
  type FactorName,
  findMetric,
  METRICS,
  NUMERIC_FACTORS,
  seriesQuery,
  trialChart,
} from "../../core/views/index.ts";
import { type CommonOptions, openEngine } from "../terminal/context.ts";
import { printJson, printLine, terminal } from "../terminal/output.ts";
import { chartOf } from "../terminal/views.ts";

interface Flags extends CommonOptions {
  readonly x: string;
  readonly y: string;
  readonly by?: string;
  readonly sweep?: string;
  readonly proxy?: string;
  readonly ascii?: boolean;
}

/** `lab chart`: a figure against a factor, from stored trials. */
export function addChartCommand(program: Command): void {
  program
    .command("chart")
    .description("draw a figure of stored trials against a factor")
    .option("--x <factor>", `one of ${NUMERIC_FACTORS.join(", ")}`, "cpu")
    .option("--y <figure>", `one of ${METRICS.map(({ name }) => name).join(", ")}`, "requestsPerSecond")
    .option("--by <factors>", "factors that get a line each (those that vary, unless given)")
    .option("--sweep <ids>", "the sweeps to draw together (the newest unless given)")
    .option("--proxy <names>", "only these proxies")
    .option("--ascii", "draw with letters and signs of ASCII only")
    .action(async (_: unknown, command: Command) => drawCommand(command.optsWithGlobals<Flags>()));
}

async function drawCommand(flags: Flags): Promise<void> {
  const x = chosen("--x", flags.x, NUMERIC_FACTORS);
  if (!findMetric(flags.y))
    throw unknown(
      "--y",
      flags.y,
      METRICS.map(({ name }) => name),
    );
  const by = flags.by?.split(",").map((name) =>
    chosen(
      "--by",
      name,
      FACTORS.map((factor) => factor.name),
    ),
  );
  const engine = await openEngine(flags);
  try {
    const sweeps = flags.sweep?.split(",").map((id) => engine.findSweep(id)) ?? [engine.findSweep()];
    const wanted = flags.proxy?.split(",");
    const records = sweeps
      .flatMap(({ id }) => engine.store.trials({ sweepId: id }))
      .filter(({ point }) => wanted?.includes(point.proxy) ?? true);
    if (records.length === 0) throw new LabError("LAB_NO_DATA", "the sweeps have no such trials");
    const query = { x, y: flags.y, ...(by ? { by: by as FactorName[] } : {}) };
    if (flags.json) printJson(trialChart(records, seriesQuery(records, query)));
    else printLine(chartOf(records, query, { ...terminal(), ...(flags.ascii ? { ascii: true } : {}) }));
  } finally {
    engine.close();
  }
}

function chosen<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw unknown(option, text, choices);
  return choice;
}

function unknown(option: string, text: string, choices: readonly string[]): LabError {
  return new LabError("LAB_USAGE", `${option}: there is no "${text}"`, { help: `choose from: ${choices.join(", ")}` });
}
