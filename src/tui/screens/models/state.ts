import type { ModelComparison, Refused } from "../../../core/answer/index.ts";
import type { LearnedFigure } from "../../../core/domain/figures.ts";
import { emptyTable, type TableState } from "../../widgets/table/table.ts";

/** Figures whose models can be compared here, those asked for most first. */
export const TARGET_CHOICES: readonly LearnedFigure[] = [
  "requestsPerSecond",
  "latencyMs.p99",
  "latencyMs.mean",
  "memoryPeakBytes",
];

export interface ModelsState {
  /** What the lower part of the screen shows. */
  readonly view: "scatter" | "correlation";
  /** The first by name unless chosen. */
  readonly proxy?: string;
  readonly target: LearnedFigure;
  readonly table: TableState;
  /** By proxy and figure; see `keyOf`. */
  readonly comparisons: Readonly<Record<string, ModelComparison | Refused>>;
  /** What is being worked out. */
  readonly asking?: string;
  readonly problem?: string;
  /** Trials of the store when the comparisons were made. */
  readonly learnedFrom: number;
  /** Row and column of the correlation that is told in words; see `firstCell`. */
  readonly cell?: readonly [row: number, column: number];
  readonly method: "spearman" | "pearson";
}

export const initialModels: ModelsState = {
  view: "scatter",
  target: "requestsPerSecond",
  table: emptyTable,
  comparisons: {},
  learnedFrom: -1,
  method: "spearman",
};

export function keyOf(proxy: string, target: LearnedFigure): string {
  return `${proxy} ${target}`;
}
