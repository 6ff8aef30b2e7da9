import type { ModelComparison, Refused } from "../../../core/answer/index.ts";
import { correlatableTrials } from "../../../core/answer/learning/comparable.ts";
import type { LearnedFigure } from "../../../core/domain/figures.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { tablesFor } from "../../../core/domain/tables.ts";
import { type CorrelationMatrix, correlateTrials } from "../../../core/statistics/trials/correlation.ts";
import { type SpeedBasis, speedBasisOf } from "../../../core/statistics/trials/speeds.ts";
import type { LabState } from "../../store/labState.ts";
import { emptyTable, type TableState } from "../../widgets/table/table.ts";
import { atOneSpeed } from "../atOneSpeed.ts";
import { remember } from "../remember.ts";

/** Figures whose models can be compared here, those asked for most first. */
export const TARGET_CHOICES: readonly LearnedFigure[] = [
  "requestsPerSecond",
  "latencyMs.p99",
  "latencyMs.mean",
  "memoryPeakBytes",
];

/** A place in the heat map. */
export type MapCell = readonly [row: number, column: number];

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
  readonly cell?: MapCell;
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

/** Proxies that were measured, in the order of their names. */
export const measuredProxies = remember((trials: readonly TrialRecord[]): readonly string[] =>
  [...new Set(trials.map(({ point }) => point.proxy))].sort(),
);

/** The proxy that is looked at. */
export function shownProxy({ proxy }: ModelsState, { trials }: LabState): string | undefined {
  const all = measuredProxies(trials);
  return all.find((name) => name === proxy) ?? all[0];
}

/** The comparison that is looked at, or why there is none; `undefined` until it is known. */
export function modelsCompared(state: ModelsState, lab: LabState) {
  const proxy = shownProxy(state, lab);
  return proxy === undefined ? undefined : state.comparisons[keyOf(proxy, state.target)];
}

/** What correlates among trials, and what they are. */
export interface Correlations {
  readonly matrix: CorrelationMatrix;
  readonly trials: number;
  readonly speed?: SpeedBasis;
}

/** Correlations among the completed trials of a proxy that were made alike. */
export const correlationOf = remember((trials: readonly TrialRecord[], proxy: string): Correlations => {
  const ofProxy = atOneSpeed(trials).filter(({ point, status }) => point.proxy === proxy && status === "completed");
  const alike = correlatableTrials(ofProxy).trials;
  const speed = speedBasisOf(alike);
  const matrix = correlateTrials(alike, undefined, tablesFor(alike));
  return { matrix, trials: alike.length, ...(speed && { speed }) };
});

/** Places of the variables that vary; the others correlate with nothing. */
export function varyingVariables({ variables }: CorrelationMatrix): readonly number[] {
  return variables.flatMap(({ constant }, index) => (constant ? [] : [index]));
}
