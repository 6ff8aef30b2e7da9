import { FACTORS, type FactorName } from "../../../core/domain/factors.ts";
import type { SweepSpec } from "../../../core/domain/spec.ts";
import type { TextField } from "../../widgets/field.ts";
import { cycled } from "../../widgets/list.ts";

/** Figures that the chart can show, in the order of the key. */
export const figures = [
  "requestsPerSecond",
  "latencyMs.p99",
  "cpuMicrosPerRequest",
  "throttledShare",
  "memoryPeakBytes",
  "failedShare",
] as const;

export interface RunScreenState {
  readonly figure: (typeof figures)[number];
  /** How many of the newest lines of the log lie below what is shown. */
  readonly logOffset: number;
  /** The budget that is being typed. */
  readonly budget?: TextField;
}

export const initialRunScreen: RunScreenState = { figure: "requestsPerSecond", logOffset: 0 };

export function nextFigure(state: RunScreenState): RunScreenState {
  return { ...state, figure: cycled(figures, state.figure) };
}

export function budgetTyped(state: RunScreenState, budget: TextField): RunScreenState {
  return { ...state, budget };
}

export function budgetLeft({ budget: _, ...state }: RunScreenState): RunScreenState {
  return state;
}

/** Factors that get a line each in the chart: the proxy, and what else the sweep varies. */
export function seriesOf(spec: SweepSpec | undefined): FactorName[] {
  const varied = spec ? FACTORS.filter(({ id, levels }) => id !== "cpu" && levels(spec).length > 1) : [];
  return [...new Set(["proxy", ...varied.map(({ id }) => id)] as const)];
}
