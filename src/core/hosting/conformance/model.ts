import { deepStrictEqual } from "node:assert/strict";
import type { ModelPlugin, Training } from "../../contract/index.ts";
import { type Check, faultOf, namedChecks, pureResult, require } from "./check.ts";

const seed = 7;

/** Rules for models: deterministic, plain state, finite answers, no fit to too little. */
export function modelChecks(plugin: ModelPlugin): Check[] {
  const count = Math.max(12, plugin.minimumRows);
  const training = plugin.openLoopsOnly ? openLoops(count) : trainingRows(count);
  return namedChecks({
    "fits the same state twice, as plain data"() {
      pureResult(training, (frozen) => plugin.fit(frozen, seed));
    },
    "predicts the same after its state went through JSON"() {
      const state = plugin.fit(training, seed);
      const revived = JSON.parse(JSON.stringify(state));
      deepStrictEqual(plugin.predict(revived, training.x), plugin.predict(state, training.x));
    },
    "predicts a figure above 0 for each row": () => predictsFinitely(plugin, training),
    "predicts a figure above 0 for each row of a recorded sweep": () =>
      predictsFinitely(plugin, plugin.openLoopsOnly ? openLoops(24) : recordedRows(plugin.minimumRows)),
    "tells as many outcomes for each row, if it tells any": () => tellsOutcomes(plugin, training),
    "refuses fewer rows than it says it needs"() {
      const few = plugin.minimumRows - 1;
      const fit = () => plugin.fit({ ...training, x: training.x.slice(0, few), y: training.y.slice(0, few) }, seed);
      require(faultOf(fit) !== undefined, `fit must throw for ${few} rows`);
    },
  });
}

function tellsOutcomes(plugin: ModelPlugin, training: Training): void {
  const outcomes = plugin.outcomes?.(plugin.fit(training, seed), training.x);
  if (outcomes === undefined) return;
  const counts = new Set(outcomes.map(({ length }) => length));
  require(outcomes.length === training.x.length, `${training.x.length} rows gave outcomes of ${outcomes.length}`);
  require(counts.size === 1 && !counts.has(0), `rows gave ${[...counts].join(", ")} outcomes`);
  require(outcomes.flat().every(Number.isFinite), "not all outcomes are finite");
}

function predictsFinitely(plugin: ModelPlugin, training: Training): void {
  const { x } = training;
  const figures = plugin.predict(plugin.fit(training, seed), x);
  require(figures.length === x.length, `${x.length} rows gave ${figures.length} figures`);
  require(figures.every(Number.isFinite), `not all figures are finite: ${figures.join(", ")}`);
  require(figures.every((figure) => figure > 0), `not all figures are above 0: ${figures.join(", ")}`);
}

/** A rate that follows CPU, with a small deterministic ripple. */
function trainingRows(count: number): Training {
  const cpu = Array.from({ length: count }, (_, index) => 0.1 + (0.8 * index) / count);
  return {
    factors: ["cpu", "servers"],
    x: cpu.map((cores, index) => [cores, 1 + (index % 2) * 2]),
    y: cpu.map((cores, index) => 10_000 * cores * (1 + 0.02 * Math.sin(index))),
  };
}

/** A p99 latency that is 3 ms where the limit is more than a request's CPU time needs, and up to 100 ms where it is not. */
function openLoops(count: number): Training {
  const rows = Array.from({ length: count }, (_, index) => {
    const [rate, headroom] = [[500, 2000][index % 2]!, 0.6 + (2.4 * index) / count];
    const use = rate * 60e-6;
    return { cpu: use * headroom, rate, use: Math.min(use, use * headroom), throttled: headroom < 1 ? 0.9 : 0 };
  });
  const p99 = rows.map(({ throttled }, index) => (throttled > 0 ? 100 - index : 3) * (1 + 0.02 * Math.sin(index)));
  const times = (factor: number) => p99.map((one) => one * factor);
  return {
    factors: ["cpu", "requestsPerSecond"],
    x: rows.map(({ cpu, rate }) => [cpu, rate]),
    y: p99,
    figure: "latencyMs.p99",
    others: {
      "latencyMs.p50": times(0.3),
      "latencyMs.p90": times(0.6),
      cpuAchieved: rows.map(({ use }) => use),
      throttledShare: rows.map(({ throttled }) => throttled),
      cpuVariation: rows.map(() => null),
    },
  };
}

/** CPU limit -> requests/s of HAProxy with 1 and 3 servers, under wrk with 32 connections, measured by the lab. */
const recorded = [
  [0.05, 1424.9, 1303.7],
  [0.1, 3190.6, 3112.3],
  [0.2, 7109.5, 5916.0],
  [0.35, 12_189.2, 11_479.7],
  [0.6, 22_336.1, 19_110.2],
] as const;

/**
 * A sweep as it was recorded, noise and all, with a factor that has but one level, as most sweeps have; again from its
 * start where a model needs more rows.
 */
function recordedRows(minimum: number): Training {
  const measured = recorded.flatMap(([cpu, one, three]) => [[cpu, 1, one] as const, [cpu, 3, three] as const]);
  const length = Math.max(minimum, measured.length);
  const rows = Array.from({ length }, (_, index) => measured[index % measured.length]!);
  return {
    factors: ["cpu", "servers", "concurrency"],
    x: rows.map(([cpu, servers]) => [cpu, servers, 32]),
    y: rows.map(([, , requestsPerSecond]) => requestsPerSecond),
  };
}
