import { defineModel } from "../../core/contract/index.ts";
import { explain, fitState, type LawState, MINIMUM_ROWS, predictState } from "./capacity-law/state.ts";

/**
 * The capacity law. A rate is the soft minimum of its caps,
 *
 *     rate = (sum over caps of cap^-p)^(-1/p) / (1 + (half / memory)^q)
 *
 * - CPU: `rate * cpu^b`, b near 1 since a request costs a fixed CPU time, times small powers of servers and concurrency
 * - plateau: `plateau * servers^s`, what more CPU does not raise
 * - connections: `perConnection * concurrency`, by Little's law: a closed loop cannot go faster than its round trip
 *
 * Each cap is what one resource allows while the others wait for it (the bounds of Denning and Buzen, "The operational
 * analysis of queueing network models", 1978); p rounds the corner between them. All is fitted in logarithms, each
 * measured from its mean over the rows, so that `rate` is the CPU cap of a typical row. Plateau, connections and memory
 * enter only where the rows show them; without them the law is a straight line in logarithms.
 *
 * Of factors it knows `cpu` (cores), `servers`, `concurrency` and `memoryBytes`. It ignores others, and those that do
 * not vary; `cpu` counts even then, with b = 1. `fit` throws where known factors or figures are not above 0.
 */
export default defineModel({
  id: "capacity-law",
  title: "Capacity law",
  minimumRows: MINIMUM_ROWS,
  fit: fitState,
  predict: (state, x) => predictState(state as LawState, x),
  explain: (state) => explain(state as LawState),
});
