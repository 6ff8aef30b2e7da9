import type { TextField } from "../../widgets/field.ts";
import { cycled } from "../../widgets/list.ts";

/** Figures that the chart can show, in the order of the key. */
const figures = [
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
