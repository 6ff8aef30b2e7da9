import { comparableTrials } from "../../../core/answer/learning/comparable.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { type CorrelationMatrix, correlateTrials } from "../../../core/statistics/trials/correlation.ts";
import type { LabState } from "../../store/labState.ts";
import { remember } from "../remember.ts";
import { keyOf, type ModelsState } from "./state.ts";

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

/** Correlations among the completed trials of a proxy that were made alike. */
export const correlationOf = remember(
  (trials: readonly TrialRecord[], proxy: string): { readonly matrix: CorrelationMatrix; readonly trials: number } => {
    const ofProxy = trials.filter(({ point, status }) => point.proxy === proxy && status === "completed");
    const alike = comparableTrials(ofProxy).trials;
    return { matrix: correlateTrials(alike), trials: alike.length };
  },
);

/** Places of the variables that vary; the others correlate with nothing. */
export function varyingVariables({ variables }: CorrelationMatrix): readonly number[] {
  return variables.flatMap(({ constant }, index) => (constant ? [] : [index]));
}
