import { defineModel } from "../../core/contract/index.ts";
import { fitTwin, outcomesOfTwin, predictTwin, type TwinState } from "./throttling-twin/fit.ts";

/**
 * The throttling twin: a proxy on one core under a CPU quota, simulated. Runs that no limit stopped tell what a request
 * costs at each rate, how much that differs from period to period, and how long requests take; the quota then makes
 * requests wait. What waited is served in one go, and so for less: how much less is known from other proxies, and better
 * from throttled runs, if there are any. So it gives a latency under limits that nobody tried.
 *
 * It tells percentiles of the latency of open loops. Sources: kernel documentation, "CFS bandwidth control"; P. Turner,
 * B. B. Rao and N. Rao, "CPU bandwidth control for CFS", Linux Symposium 2010.
 */
export default defineModel({
  id: "throttling-twin",
  title: "Throttling twin",
  openLoopsOnly: true,
  extrapolates: ["cpu"],
  minimumRows: 2,
  fit: (training) => fitTwin(training),
  predict: (state, x) => predictTwin(state as TwinState, x),
  outcomes: (state, x) => outcomesOfTwin(state as TwinState, x),
  explain: (state) => {
    const { habits, free, deviation } = state as TwinState;
    return [
      { name: "CPU time of a request, at most together", value: 1000 * free.costs.cost * free.costs.own, unit: "µs" },
      { name: "crowding of requests that waited", value: habits.crowding, unit: "" },
      { name: "scatter", value: deviation, unit: "" },
    ];
  },
});
