import { deepStrictEqual } from "node:assert/strict";
import type { ModelPlugin, Training } from "../../contract/index.ts";
import { type Check, faultOf, pureResult, require } from "./check.ts";
import { recordedRows } from "./recorded.ts";

const seed = 7;

/** Rules for models: deterministic, plain state, finite answers, no fit to too little. */
export function modelChecks(plugin: ModelPlugin): Check[] {
  const training = trainingRows(Math.max(12, plugin.minimumRows));
  return [
    {
      name: "fits the same state twice, as plain data",
      run() {
        pureResult(training, (frozen) => plugin.fit(frozen, seed));
      },
    },
    {
      name: "predicts the same after its state went through JSON",
      run() {
        const state = plugin.fit(training, seed);
        const revived = JSON.parse(JSON.stringify(state));
        deepStrictEqual(plugin.predict(revived, training.x), plugin.predict(state, training.x));
      },
    },
    {
      name: "predicts a finite figure for each row",
      run: () => predictsFinitely(plugin, training),
    },
    {
      name: "predicts a finite figure for each row of a recorded sweep",
      run: () => predictsFinitely(plugin, recordedRows(plugin.minimumRows)),
    },
    {
      name: "refuses fewer rows than it says it needs",
      run() {
        const { factors, x, y } = training;
        const few = plugin.minimumRows - 1;
        const fit = () => plugin.fit({ factors, x: x.slice(0, few), y: y.slice(0, few) }, seed);
        require(faultOf(fit) !== undefined, `fit must throw for ${few} rows`);
      },
    },
  ];
}

function predictsFinitely(plugin: ModelPlugin, { factors, x, y }: Training): void {
  const figures = plugin.predict(plugin.fit({ factors, x, y }, seed), x);
  require(figures.length === x.length, `${x.length} rows gave ${figures.length} figures`);
  require(figures.every(Number.isFinite), `not all figures are finite: ${figures.join(", ")}`);
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
