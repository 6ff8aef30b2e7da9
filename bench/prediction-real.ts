/**
 * How well a proxy is known from few trials: of recorded trials of real proxies (see data/README.md) some are learned from
 * and the others predicted. Some are chosen as the adaptive plan would, and 20 times as a spread by chance would. Printed
 * beside it: how much two runs of one configuration differ, which no model can do better than.
 * usage: npm run bench:prediction-real [-- FILE]
 */
import { spreadOf } from "../src/core/analysis/repeated.ts";
import { curves, fitPredictor, type Model, trainingRows } from "../src/core/predict/index.ts";
import type { TrialRecord } from "../src/core/records/record.ts";
import { median, shareInterval } from "../src/core/statistics/index.ts";
import { adaptiveOrder, dataFile, loadModels, recordedTrials, spreadDraw } from "./recorded.ts";

const draws = 20;
const confidence = 0.9;
const models = await loadModels();
const proxies = recordedTrials(process.argv[2] ?? dataFile);

interface Outcome {
  /** Relative errors on the trials left out. */
  readonly errors: readonly number[];
  readonly held: number;
  readonly model: string;
}

async function evaluate(
  all: readonly TrialRecord[],
  chosen: readonly TrialRecord[],
  using: readonly Model[],
): Promise<Outcome> {
  const known = new Set(chosen);
  const unseen = trainingRows(all.filter((trial) => !known.has(trial))).training;
  const predictor = await fitPredictor(using, trainingRows([...chosen]), 42);
  if (!predictor.ok) throw new Error(predictor.refusal.message);
  // Only factors that vary among the chosen are columns; all have the same here.
  const found = await curves(predictor, unseen.x, confidence);
  if ("ok" in found) throw new Error(found.refusal.message);
  const errors = unseen.y.map((figure, i) => Math.abs(found.estimate[i]! / figure - 1));
  const held = unseen.y.filter((figure, i) => found.low[i]! <= figure && figure <= found.high[i]!).length;
  return { errors, held, model: predictor.model.id };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function print(what: string, outcomes: readonly Outcome[]): void {
  const errors = outcomes.map((one) => median(one.errors));
  const asked = outcomes.reduce((sum, one) => sum + one.errors.length, 0);
  const held = outcomes.reduce((sum, one) => sum + one.held, 0);
  const used = [...Map.groupBy(outcomes, ({ model }) => model)].map(([id, of]) => `${id} ${of.length}`).join(", ");
  const worst = outcomes.length > 1 ? ` (${percent(Math.min(...errors))} to ${percent(Math.max(...errors))})` : "";
  const points = outcomes[0]!.errors.length;
  const { low, high } = shareInterval(held, asked)!;
  const covered = `${percent(held / asked)} [${Math.round(100 * low)}..${Math.round(100 * high)}]`;
  console.log(
    `  ${what.padEnd(34)}${String(points).padStart(3)}   ${(percent(median(errors)) + worst).padEnd(26)}${covered.padEnd(20)}${used}`,
  );
}

for (const [proxy, trials] of proxies) {
  const spread = spreadOf(trials, (trial) => trial.result?.requestsPerSecond);
  const noise = spread
    ? `runs of one configuration differ by ${percent(spread.logDeviation)} (standard deviation, ${spread.degreesOfFreedom} degrees)`
    : "nothing was repeated";
  console.log(`\n${proxy}, ${trials.length} trials; ${noise}`);
  console.log(`  learned from                     left out   median error (range)     in 90 % interval    model`);
  const curve = trials.filter(({ point }) => point.concurrency === 32);
  for (const [name, all, count] of [
    ["12, one concurrency", curve, 12],
    ["12, three concurrencies", trials, 12],
    ["25, three concurrencies", trials, 25],
  ] as const) {
    if (all.length < count + 15) continue;
    print(`${name}, adaptive`, [await evaluate(all, adaptiveOrder(all, count), models)]);
    const outcomes: Outcome[] = [];
    for (let seed = 1; seed <= draws; seed++) outcomes.push(await evaluate(all, spreadDraw(all, count, seed), models));
    print(`${name}, ${draws} spreads`, outcomes);
  }
}
