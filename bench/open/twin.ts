/**
 * How well does the throttling twin know p99 latencies under limits that nobody tried? From the recorded open loops of each
 * proxy (see data/README.md): first from its runs without a limit at three rates alone, then with five throttled runs beside
 * them, at points chosen by chance, ten times. Judged at the throttled points left out that kept their rate (where it is not
 * kept, the latency grows with the window): the error by the mean of the two runs there, intervals by each run. Beside it
 * the models that the lab chooses from, by errors on points left out, and how far that mean itself is off: by half of what
 * the two runs differ, which nobody could predict.
 * usage: npm run bench:twin [-- FILE]
 */
import { choose, validateAll } from "../../src/core/answer/learning/comparison.ts";
import { bandsAmong } from "../../src/core/answer/learning/intervals.ts";
import { trainingRows } from "../../src/core/answer/learning/rows.ts";
import { left, right, tableOf } from "../../src/core/cells/table.ts";
import type { Training } from "../../src/core/contract/index.ts";
import { missedRate, type TrialRecord } from "../../src/core/domain/record.ts";
import { geometricMean, mean, median } from "../../src/core/statistics/index.ts";
import { random, shuffled } from "../../src/core/statistics/random.ts";
import twin from "../../src/plugins/models/throttling-twin.ts";
import { loadModels } from "../recorded.ts";
import { percent, printTable, printTargets } from "../rounds/report.ts";
import { freeCpu, readOpen } from "./recording.ts";

const confidence = 0.9;
const draws = 10;
const throttledRuns = 5;
/** Runs of which fewer periods are throttled are not about the quota. */
const isThrottled = (runs: readonly TrialRecord[]) => mean(runs.map(({ usage }) => usage!.throttledShare!)) >= 0.05;
const keepsRate = (trial: TrialRecord) => !missedRate(trial);
const p99Of = ({ result }: TrialRecord) => result!.latencyMs.p99!;

/** How far predictions are from what was measured, as factors of 1 and more, and which lie within their intervals. */
interface Judged {
  readonly factors: readonly number[];
  readonly held: readonly boolean[];
}

/** `asked`: the runs of each point. */
function judge(taught: readonly TrialRecord[], asked: readonly (readonly TrialRecord[])[]): Judged {
  const { training } = trainingRows(taught, "latencyMs.p99");
  const state = twin.fit(training, 1);
  const x = asked.map(([first]) => rowOf(training, first!.point));
  const figures = twin.predict(state, x);
  const { low, high } = bandsAmong(twin.outcomes!(state, x), confidence)!;
  return {
    factors: asked.map((runs, i) => Math.exp(Math.abs(Math.log(figures[i]! / geometricMean(runs.map(p99Of)))))),
    held: asked.flatMap((runs, i) => runs.map((run) => low[i]! <= p99Of(run) && p99Of(run) <= high[i]!)),
  };
}

function rowOf({ factors }: Training, point: TrialRecord["point"]): number[] {
  return factors.map((factor) => point[factor as "cpu"]);
}

const { byProxy, origin } = await readOpen(process.argv[2]);
const models = await loadModels();
const rows: {
  proxy: string;
  points: number;
  noise: number[];
  alone: Judged;
  taught: Judged;
  best: string;
  others: string;
}[] = [];
for (const [proxy, trials] of byProxy) {
  const free = trials.filter(({ point }) => point.cpu === freeCpu);
  const points = [...Map.groupBy(trials, ({ point }) => `${point.requestsPerSecond} ${point.cpu}`).values()];
  const asked = points.filter((runs) => isThrottled(runs) && runs.every(keepsRate));
  const taught = Array.from({ length: draws }, (_, seed) => {
    const order = shuffled(asked, random(seed));
    const runs = order.slice(0, throttledRuns).map(([first]) => first!);
    return judge([...free, ...runs], order.slice(throttledRuns));
  });
  const all = trainingRows(trials.filter(keepsRate), "latencyMs.p99").training;
  const candidates = await validateAll(models, all, 42);
  const errors = candidates.flatMap(({ model, validation }) => {
    return validation ? [{ id: model.id, error: validation.scores.medianApe }] : [];
  });
  rows.push({
    proxy,
    points: asked.length,
    noise: asked.map((runs) => Math.exp(Math.abs(Math.log(p99Of(runs[0]!) / p99Of(runs.at(-1)!))) / 2)),
    alone: judge(free, asked),
    taught: { factors: taught.flatMap(({ factors }) => factors), held: taught.flatMap(({ held }) => held) },
    best: choose(candidates, all)?.model.id ?? "none",
    others: errors
      .sort((a, b) => a.error - b.error)
      .slice(0, 4)
      .map(({ id, error }) => `${id} ${percent(error, 0)}`)
      .join(", "),
  });
}

const share = (held: readonly boolean[]) => held.filter(Boolean).length / held.length;
const factorOf = ({ factors }: Judged) => `x${median(factors).toFixed(2)}`;
console.log(origin);
printTable(
  tableOf(rows, [
    left("proxy", ({ proxy }) => proxy),
    right("throttled points", ({ points }) => String(points)),
    right("two runs themselves", ({ noise }) => `x${median(noise).toFixed(2)}`),
    right("free runs alone: error", ({ alone }) => factorOf(alone)),
    right("held", ({ alone }) => percent(share(alone.held), 0)),
    right("and five throttled: error", ({ taught }) => factorOf(taught)),
    right("held", ({ taught }) => percent(share(taught.held), 0)),
    left("chosen by the lab", ({ best }) => best),
    left("errors on points left out", ({ others }) => others),
  ]),
);
const alone = rows.flatMap((row) => row.alone.factors);
const held = share(rows.flatMap((row) => row.alone.held));
const taught = rows.flatMap((row) => row.taught.factors);
printTargets([
  {
    what: `p99 at ${alone.length} throttled points from free runs at three rates, median error`,
    found: `x${median(alone).toFixed(2)}`,
    wanted: "x1.5 at most",
    held: median(alone) <= 1.5,
  },
  { what: "its 90 % intervals hold", found: percent(held), wanted: "80 to 97 %", held: held >= 0.8 && held <= 0.97 },
  {
    what: "after five throttled runs, median error",
    found: `x${median(taught).toFixed(2)}`,
    wanted: "x1.3 at most",
    held: median(taught) <= 1.3,
  },
]);
