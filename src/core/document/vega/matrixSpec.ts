import type { TopLevelSpec } from "vega-lite";
import { formatCoefficient } from "../../domain/format.ts";
import type { CorrelationMatrix } from "../../statistics/trials/correlation.ts";
import { GRID, INK, MUTED, PAPER, SERIES_COLOURS } from "../html/palette.ts";
import { CONFIG } from "./config.ts";

const CELL = 44;

/** The lower half of Spearman's coefficients: blue rises, red falls, blank where the interval holds 0. */
export function matrixSpec(matrix: CorrelationMatrix): TopLevelSpec {
  const shown = matrix.variables.flatMap(({ constant }, index) => (constant ? [] : [index]));
  const labels = shown.map((index) => matrix.variables[index]!.label);
  const cells = shown.flatMap((row, place) => shown.slice(0, place).map((column) => cellOf(matrix, row, column)));
  const position = {
    x: { field: "column", type: "nominal", sort: labels, title: null, axis: { labelAngle: -40, orient: "bottom" } },
    y: { field: "row", type: "nominal", sort: labels, title: null },
  } as const;
  const fill = {
    condition: [
      { test: "!datum.sure", value: GRID[0] },
      { test: "datum.rising", value: SERIES_COLOURS[0][0] },
    ],
    value: SERIES_COLOURS[1][0],
  };
  const ink = {
    condition: [
      { test: "!datum.sure", value: MUTED[0] },
      { test: "datum.strength > 0.55", value: PAPER[0] },
    ],
    value: INK[0],
  };
  return {
    width: CELL * (labels.length - 1),
    height: 26 * (labels.length - 1),
    data: { values: cells },
    encoding: position,
    layer: [
      {
        mark: { type: "rect", cornerRadius: 2 },
        encoding: { fill, fillOpacity: { field: "strength", type: "quantitative", scale: null, legend: null } },
      },
      {
        mark: { type: "text", fontSize: 11 },
        encoding: { text: { field: "text" }, fill: ink },
      },
    ],
    config: { ...CONFIG, axis: { ...CONFIG.axis, grid: false, domain: false, ticks: false } },
    background: null,
  } as unknown as TopLevelSpec;
}

function cellOf({ variables, spearman }: CorrelationMatrix, row: number, column: number) {
  const { r, low, high } = spearman[row]![column]!;
  const sure = r !== undefined && (low === undefined ? Math.abs(r) === 1 : low > 0 || high! < 0);
  return {
    row: variables[row]!.label,
    column: variables[column]!.label,
    text: r === undefined ? "" : formatCoefficient(r).replace("-", "\u2212"),
    // 0 to 1; a cell that is not sure is grey.
    strength: sure ? 0.15 + 0.85 * Math.abs(r) : 0.5,
    rising: (r ?? 0) > 0,
    sure,
  };
}
