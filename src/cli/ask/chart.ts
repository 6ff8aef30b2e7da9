import type { Command } from "commander";
import { quantities } from "../../core/domain/factors.ts";
import { parseKnown } from "../../core/domain/levels.ts";
import { TABLES, type Tables } from "../../core/domain/tables.ts";
import { LabError } from "../../core/errors.ts";
import { seriesQuery } from "../../core/views/series.ts";
import { trialChart } from "../../core/views/trialChart.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, terminal } from "../terminal/output.ts";
import { addRawOption, type RawFlag } from "../terminal/rawOption.ts";
import { chartOf } from "../terminal/views.ts";

interface Flags extends CommonOptions, RawFlag {
  readonly x: string;
  readonly y: string;
  readonly by?: string;
  readonly sweep?: string;
  readonly proxy?: string;
  readonly ascii?: boolean;
}

/** `lab chart`: a figure against a factor, from stored trials. */
export function addChartCommand(program: Command, tables = TABLES): void {
  const choices = choicesOf(tables);
  addRawOption(program.command("chart"))
    .description("draw a figure of stored trials against a factor")
    .option("--x <factor>", `one of ${choices.axes.join(", ")}`, "cpu")
    .option("--y <figure>", `one of ${choices.figures.join(", ")}`, "requestsPerSecond")
    .option("--by <factors>", "factors that get a line each (those that vary, unless given)")
    .option("--sweep <ids>", "the sweeps to draw together (the newest unless given)")
    .option("--proxy <names>", "only these proxies")
    .option("--ascii", "draw with letters and signs of ASCII only")
    .action(action((flags: Flags) => drawCommand(flags, choices)));
}

function choicesOf({ factors, figures }: Tables) {
  return {
    axes: quantities(factors).map(({ id }) => id),
    lines: factors.map(({ id }) => id),
    figures: figures.map(({ id }) => id),
  };
}

async function drawCommand(flags: Flags, { axes, lines, figures }: ReturnType<typeof choicesOf>): Promise<void> {
  const x = parseKnown(flags.x, axes, "--x");
  const y = parseKnown(flags.y, figures, "--y");
  const by = flags.by?.split(",").map((name) => parseKnown(name, lines, "--by"));
  return inLab(flags, (lab) => {
    const sweeps = flags.sweep ? lab.store.these(flags.sweep.split(",")) : [lab.store.find()];
    const wanted = flags.proxy?.split(",");
    const records = lab.trialsOf(sweeps, flags).filter(({ point }) => wanted?.includes(point.proxy) ?? true);
    if (records.length === 0) throw new LabError("LAB_NO_DATA", "the sweeps have no such trials");
    const query = { x, y, ...(by ? { by } : {}) };
    if (flags.json) printJson(trialChart(records, seriesQuery(records, query)));
    else printLine(chartOf(records, query, { ...terminal(), ...(flags.ascii ? { ascii: true } : {}) }));
  });
}
