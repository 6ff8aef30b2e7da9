/**
 * How fast prediction is: fit of the default model and comparison of all models on 100 made-up trials, a forward and an
 * inverse answer of the fitted predictor, and the longest time that the event loop stood still meanwhile.
 * usage: npm run bench:prediction [-- ROWS]
 */

import { availableParallelism } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fitPredictor, type Predictor } from "../src/core/answer/learning/predictor.ts";
import type { Rows } from "../src/core/answer/learning/rows.ts";
import { predict } from "../src/core/answer/predict.ts";
import { recommend } from "../src/core/answer/recommend.ts";
import { door } from "../src/core/hosting/door.ts";
import { loadPlugins } from "../src/core/hosting/load.ts";
import { random } from "../src/core/statistics/random.ts";

const rows = Number(process.argv[2] ?? 100);
const draw = random(1);
const limits = { fitSeconds: 0.5, comparisonSeconds: 30, predictMilliseconds: 1, stallMilliseconds: 50 };

/** Rate of a made-up proxy: the least of what its CPU, servers and connections allow, less where memory is short. */
function rateAt([cpu, memory, servers, concurrency]: readonly number[]): number {
  const caps = [30_000 * cpu!, 9_000 * servers! ** 0.8, 900 * concurrency!];
  return caps.reduce((sum, cap) => sum + cap ** -4, 0) ** -0.25 / (1 + (2e7 / memory!) ** 4);
}

function madeUp(): Rows {
  const x = Array.from({ length: rows }, () => [
    0.05 * 18 ** draw(),
    2 ** 24 * 16 ** draw(),
    1 + Math.floor(4 * draw()),
    Math.round(4 * 32 ** draw()),
  ]);
  const y = x.map((row) => rateAt(row) * Math.exp(0.1 * (draw() + draw() + draw() - 1.5)));
  const factors = ["cpu", "memoryBytes", "servers", "concurrency"];
  return { target: "requestsPerSecond", training: { factors, x, y }, trials: [], excluded: {}, ceilings: [] };
}

/** Seconds that some work took, and the longest stall of the event loop during it, in milliseconds. */
async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; stall: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { result, seconds, stall: delay.max / 1e6 };
}

function line(what: string, figure: string, limit: string, held: boolean): void {
  console.log(`${what.padEnd(44)}${figure.padEnd(14)}${limit.padEnd(16)}${held ? "held" : "MISSED"}`);
}

const models = (await loadPlugins(new URL("../plugins.json", import.meta.url).pathname))
  .list("model")
  .map(({ plugin }) => door.model(plugin));
const data = madeUp();
console.log(`Node ${process.version}, ${availableParallelism()} cores, ${rows} trials, ${models.length} models\n`);

const first = models[0]!;
await first.fit(data.training, 1); // starts the thread
const fit = await timed(() => first.fit(data.training, 1));
const fitMs = `${(1000 * fit.seconds).toFixed(0)} ms`;
line(`fit of ${first.id}`, fitMs, "under 0.5 s", fit.seconds < limits.fitSeconds);

const comparison = await timed(() => fitPredictor(models, data, 1));
const predictor = comparison.result as Predictor;
const taken = `${comparison.seconds.toFixed(1)} s`;
line("comparison of all models", taken, "under 30 s", comparison.seconds < limits.comparisonSeconds);
const stall = `${comparison.stall.toFixed(0)} ms`;
line("  longest stall of the event loop", stall, "under 50 ms", comparison.stall < limits.stallMilliseconds);
for (const { model, validation, failure } of predictor.candidates) {
  console.log(
    `    ${model.id.padEnd(20)}${validation ? `${validation.milliseconds.fit.toFixed(0)} ms a fit` : failure}`,
  );
}

for (const model of models) {
  const { stall: alone } = await timed(() => fitPredictor([model], data, 1));
  console.log(`    ${model.id.padEnd(20)}longest stall alone ${alone.toFixed(0)} ms`);
}

const chosen = predictor;
const point = data.training.x[0]!;
await chosen.model.predict(chosen.state, [point]);
const times = 200;
const forward = await timed(async () => {
  for (let i = 0; i < times; i++) await chosen.model.predict(chosen.state, [point]);
});
const each = (1000 * forward.seconds) / times;
line(
  `forward prediction, ${chosen.model.id}`,
  `${each.toFixed(3)} ms`,
  "under 1 ms",
  each < limits.predictMilliseconds,
);

const [, memoryBytes, servers, concurrency] = point as [number, number, number, number];
const withBand = await timed(() => predict(chosen, { cpu: point[0]!, memoryBytes, servers, concurrency }));
line("  with its interval", `${(1000 * withBand.seconds).toFixed(1)} ms`, "", withBand.result.ok);
const inverse = await timed(() =>
  recommend(
    { requestsPerSecond: chosen },
    { requestsPerSecond: 0.5 * rateAt(point) },
    { memoryBytes, servers, concurrency },
  ),
);
line("inverse answer", `${(1000 * inverse.seconds).toFixed(0)} ms`, "", inverse.result.ok);
line("  longest stall", `${inverse.stall.toFixed(0)} ms`, "under 50 ms", inverse.stall < limits.stallMilliseconds);
