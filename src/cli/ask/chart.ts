import type { Command } from "commander";
import { paint } from "../../core/cells/line.ts";
import { Pen } from "../../core/cells/pen.ts";
import { quantities } from "../../core/domain/factors.ts";
import { parseKnown } from "../../core/domain/levels.ts";
import type { TrialRecord } from "../../core/domain/record.ts";
import { TABLES, type Tables } from "../../core/domain/tables.ts";
import { LabError } from "../../core/errors.ts";
import { rateMapLines, rateMaps } from "../../core/views/rateMap.ts";
import { seriesQuery, usualAxes } from "../../core/views/series.ts";
import { trialChart } from "../../core/views/trialChart.ts";
import { action } from "../terminal/action.ts";
import { inLab } from "../terminal/lab.ts";
import { type CommonOptions, printJson, printLine, type Terminal, terminal } from "../terminal/output.ts";
import { addRawOption, type RawFlag } from "../terminal/rawOption.ts";
import { chartOf } from "../terminal/views.ts";

interface Flags extends CommonOptions, RawFlag {
  readonly x?: string;
  readonly y?: string;
  readonly map?: boolean;
  readonly by?: string;
  readonly sweep?: string;
  readonly proxy?: string;
  readonly ascii?: boolean;
}

/** `lab chart`: a figure against a factor, or over two, from stored trials. */
export function addChartCommand(program: Command, tables = TABLES): void {
  const choices = choicesOf(tables);
  addRawOption(program.command("chart"))
    .description("draw a figure of stored trials against a factor")
    .option("--x <factor>", `one of ${choices.axes.join(", ")} (cpu unless given; rate where there are several)`)
    .option(
      "--y <figure>",
      `one of ${choices.figures.join(", ")} (requestsPerSecond unless given; latencyMs.p99 of several rates)`,
    )
    .option("--by <factors>", "factors that get a line each (those that vary, unless given)")
    .option("--map", "a map of the figure over CPU limits and offered rates instead")
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
  const x = flags.x === undefined ? undefined : parseKnown(flags.x, axes, "--x");
  const y = flags.y === undefined ? undefined : parseKnown(flags.y, figures, "--y");
  const by = flags.by?.split(",").map((name) => parseKnown(name, lines, "--by"));
  return inLab(flags, (lab) => {
    const sweeps = flags.sweep ? lab.store.these(flags.sweep.split(",")) : [lab.store.find()];
    const wanted = flags.proxy?.split(",");
    const records = lab.trialsOf(sweeps, flags).filter(({ point }) => wanted?.includes(point.proxy) ?? true);
    if (records.length === 0) throw new LabError("LAB_NO_DATA", "the sweeps have no such trials");
    const usual = usualAxes(records);
    const query = { x: x ?? usual.x, y: y ?? usual.y, ...(by ? { by } : {}) };
    const page = { ...terminal(), ...(flags.ascii ? { ascii: true } : {}) };
    if (flags.map) return printMaps(records, query.y, page, flags);
    if (flags.json) printJson(trialChart(records, seriesQuery(records, query)));
    else printLine(chartOf(records, query, page));
  });
}

function printMaps(records: readonly TrialRecord[], y: string, page: Terminal, { json }: Flags): void {
  const maps = rateMaps(records, y);
  if (maps.length === 0) {
    throw new LabError("LAB_NO_DATA", "a map needs trials at several CPU limits and several offered rates", {
      help: "measure them: ./lab sweep --rate 500,2000 --cpu 0.1,0.3 --plan grid",
    });
  }
  const pen = new Pen(page);
  const size = { width: page.width, height: Infinity };
  if (json) printJson(maps);
  else for (const map of maps) printLine(`${paint(rateMapLines(map, size, pen), page.colour)}\n`);
}
