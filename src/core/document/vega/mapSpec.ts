import type { TopLevelSpec } from "vega-lite";
import { findFactor } from "../../domain/factors.ts";
import { formatCount, formatCpuLevel } from "../../domain/format.ts";
import { cellFigure, type RateMap } from "../../views/rateMap.ts";
import { INK, PAPER, SERIES_COLOURS } from "../html/palette.ts";
import { CONFIG } from "./config.ts";

/** As wide as a chart, unless there are many rates: then both are shown at one scale. */
const WIDTH = 400;
const CELL = { width: 60, height: 30 };
/** Text on cells that are stronger than this is light. */
const DARK_FROM = 0.75;

/**
 * A map as a Vega-Lite specification: the least CPU limit at the bottom; blue where the rate was served, orange with a triangle
 * where not, the stronger the higher the figure.
 */
export function mapSpec({ cpus, rates, cells, unit, label }: RateMap): TopLevelSpec {
  const [cpu, rate] = [findFactor("cpu"), findFactor("rate")];
  const values = cells.map((cell) => ({
    cpu: formatCpuLevel(cell.cpu),
    rate: formatCount(cell.rate),
    text: `${cellFigure(cell, unit)}${cell.note === undefined ? "" : " \u25be"}`,
    opacity: 0.12 + 0.88 * (cell.strength ?? 0),
    served: cell.note === undefined,
  }));
  const axis = (title: string) => ({ title, labelAngle: 0, grid: false, domain: false, ticks: false });
  const position = {
    x: { field: "rate", type: "nominal", sort: rates.map(formatCount), axis: axis(`${rate.label} (${rate.unit})`) },
    y: {
      field: "cpu",
      type: "nominal",
      sort: cpus.map(formatCpuLevel).reverse(),
      axis: axis(`${cpu.label} (${cpu.unit})`),
    },
  };
  const fill = {
    condition: { test: "datum.served", value: SERIES_COLOURS[0][0] },
    value: SERIES_COLOURS[1][0],
  };
  const ink = { condition: { test: `datum.opacity > ${DARK_FROM}`, value: PAPER[0] }, value: INK[0] };
  return {
    width: Math.max(WIDTH, CELL.width * rates.length),
    height: CELL.height * cpus.length,
    title: `${label} (${unit})`,
    data: { values },
    encoding: position,
    layer: [
      {
        mark: { type: "rect", cornerRadius: 2 },
        encoding: { fill, fillOpacity: { field: "opacity", type: "quantitative", scale: null, legend: null } },
      },
      { mark: { type: "text", fontSize: 12 }, encoding: { text: { field: "text" }, fill: ink } },
    ],
    config: CONFIG,
    background: null,
  } as unknown as TopLevelSpec;
}
