import { type Line, line, type Piece, paint, piece } from "../cells/line.ts";
import { Pen } from "../cells/pen.ts";
import { type TextOptions, wrapWords } from "../cells/text.ts";
import { FACTORS, NUMERIC_FACTORS } from "../domain/factors.ts";
import { metricOf } from "../domain/figures.ts";
import type { TrialRecord } from "../domain/record.ts";
import {
  type Coefficient,
  type CorrelationMatrix,
  correlate,
  type Variable,
} from "../statistics/trials/correlation.ts";

const CORRELATED_METRICS: readonly string[] = [
  "requestsPerSecond",
  "completedRequests",
  "failedShare",
  "latencyMs.mean",
  "latencyMs.p99",
  "transferredBytes",
  "memoryPeakBytes",
  "throttledShare",
];

/** Correlates the factors and figures of the completed trials; they should be of one proxy under like conditions. */
export function correlateTrials(records: readonly TrialRecord[], confidence?: number): CorrelationMatrix {
  const completed = records.filter(({ status }) => status === "completed");
  const factors = FACTORS.filter(({ name }) => (NUMERIC_FACTORS as readonly string[]).includes(name)).map(
    ({ name, label, read }): Variable => {
      const values = completed.map(({ point }) => read(point) as number | undefined);
      return { name, label, kind: "factor", values };
    },
  );
  const outcomes = CORRELATED_METRICS.map(metricOf).map(({ name, label, read }): Variable => {
    return { name, label, kind: "outcome", values: completed.map(read) };
  });
  return correlate([...factors, ...outcomes], confidence);
}

const LABEL_WIDTH = 19;
const CELL_WIDTH = 6;

/**
 * The lower half of a matrix as text: in each cell a shade for the strength, and the coefficient. Cells whose interval
 * holds 0 are faint; with colours falling and rising ones differ. Variables that are constant are named below it.
 */
export function heatMap(matrix: CorrelationMatrix, method: "pearson" | "spearman", options: TextOptions): string {
  const shown = matrix.variables.flatMap(({ constant }, index) => (constant ? [] : [index]));
  const columns = shown.slice(0, -1);
  const fitting = Math.max(1, Math.floor((options.width - LABEL_WIDTH - 3) / CELL_WIDTH));
  const pen = new Pen(options);
  const lines = shown.map((row, place): Line => {
    const label = pen.cell(`${place + 1} ${matrix.variables[row]!.label}`, LABEL_WIDTH + 3);
    const cells = columns.slice(0, Math.min(place, fitting)).map((column) => cell(matrix[method][row]![column]!, pen));
    return [label, ...cells];
  });
  const heads = columns.slice(0, fitting).map((_, place) => String(place + 1).padStart(CELL_WIDTH));
  lines.push(line(" ".repeat(LABEL_WIDTH + 3) + heads.join(""), "faint"));
  return paint([...lines, ...notes(matrix, shown.length - 1 > fitting, options.width, pen)], options.colour);
}

function cell({ r, low, high }: Coefficient, pen: Pen): Piece {
  if (r === undefined) return pen.cell("-", CELL_WIDTH, "faint", "right");
  const shade = pen.glyphs.shades[Math.min(4, Math.floor(Math.abs(r) * 5))]!;
  const text = ` ${shade}${r
    .toFixed(2)
    .replace(/^(-?)0\./, "$1.")
    .padStart(CELL_WIDTH - 2)}`;
  const unsure = low === undefined ? Math.abs(r) < 1 : low <= 0 && high! >= 0;
  return piece(text, unsure ? "faint" : r > 0 ? 0 : 1);
}

function notes(matrix: CorrelationMatrix, cut: boolean, width: number, pen: Pen): Line[] {
  const constant = matrix.variables.filter((variable) => variable.constant);
  const named = (has: boolean) => constant.filter(({ n }) => n > 0 === has).map(({ label }) => label);
  const texts = [
    ...(named(true).length > 0 ? [`the same in all trials: ${named(true).join(", ")}`] : []),
    ...(named(false).length > 0 ? [`not measured: ${named(false).join(", ")}`] : []),
    ...(cut ? ["columns left out: a wider terminal shows them"] : []),
  ];
  return texts.flatMap((text) => wrapWords(text, width)).map((text) => line(pen.cut(text, width), "faint"));
}
