/**
 * How well a proxy is known from few trials: of recorded trials of real proxies (see data/README.md) some are learned from
 * and the configurations that are not among them predicted: of the first sweep of each proxy alone, and of all its trials,
 * which were made up to an hour apart. They are chosen 20 times: as the adaptive plan would, and as a spread by chance
 * would. The error is that of the estimate against the mean of the runs of a configuration; intervals are for single runs.
 * Printed beside it: how much runs of one configuration differ, which the error cannot be far below.
 * usage: npm run bench:prediction-real [-- FILE]
 */

import type { Model } from "../src/core/answer/learning/crossValidation.ts";
import { curves, fitPredictor } from "../src/core/answer/learning/predictor.ts";
import { trainingRows } from "../src/core/answer/learning/rows.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { median, pooledSpread, shareInterval } from "../src/core/statistics/index.ts";
import {
  adaptiveDraw,
  configurationKeyOf,
  configurationsLeftOut,
  dataFile,
  errorsOf,
  firstSweep,
  loadModels,
  pairedDraw,
  recordedTrials,
  spreadDraw,
} from "./recorded.ts";

const draws = 20;
const confidence = 0.9;
const models = await loadModels();
const proxies = await recordedTrials(process.argv[2] ?? dataFile);

interface Outcome {
  /** Relative errors on the configurations left out. */
  readonly errors: readonly number[];
  /** Runs of these, and those within their interval. */
  readonly runs: number;
  readonly held: number;
  readonly model: string;
}

async function evaluate(
  all: readonly TrialRecord[],
  chosen: readonly TrialRecord[],
  using: readonly Model[],
): Promise<Outcome> {
  const configurations = configurationsLeftOut(all, chosen);
  const predictor = await fitPredictor(using, trainingRows([...chosen]), 42);
  if (!predictor.ok) throw new Error(predictor.refusal.message);
  const asked = configurations.map(({ levels }) => levels);
  const found = await curves(predictor, asked, confidence);
  if ("ok" in found) throw new Error(found.refusal.message);
  const within = configurations.flatMap(({ runs }, i) => {
    return runs.map((rate) => found.low[i]! <= rate && rate <= found.high[i]!);
  });
  return {
    errors: errorsOf(found.estimate, configurations),
    runs: within.length,
    held: within.filter(Boolean).length,
    model: predictor.model.id,
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function print(what: string, outcomes: readonly Outcome[]): void {
  const errors = outcomes.map((one) => median(one.errors));
  const asked = outcomes.reduce((sum, one) => sum + one.runs, 0);
  const held = outcomes.reduce((sum, one) => sum + one.held, 0);
  const used = [...Map.groupBy(outcomes, ({ model }) => model)].map(([id, of]) => `${id} ${of.length}`).join(", ");
  const worst = outcomes.length > 1 ? ` (${percent(Math.min(...errors))} to ${percent(Math.max(...errors))})` : "";
  const points = median(outcomes.map((one) => one.errors.length));
  const { low, high } = shareInterval(held, asked)!;
  const covered = `${percent(held / asked)} [${Math.round(100 * low)}..${Math.round(100 * high)}]`;
  console.log(
    `  ${what.padEnd(40)}${String(points).padStart(3)}   ${(percent(median(errors)) + worst).padEnd(26)}${covered.padEnd(20)}${used}`,
  );
}

for (const [proxy, trials] of proxies) {
  const groups = Map.groupBy(trials, configurationKeyOf).values();
  const spread = pooledSpread([...groups].map((own) => own.map(({ result }) => result!.requestsPerSecond)));
  const noise = spread
    ? `runs of one configuration differ by ${percent(spread.logDeviation)} (standard deviation, ${spread.degreesOfFreedom} degrees)`
    : "nothing was repeated";
  console.log(`\n${proxy}, ${trials.length} trials; ${noise}`);
  console.log(`  learned from                           left out   median error (range)     in 90 % interval    model`);
  const curve = firstSweep(trials);
  for (const [name, all, count, draw] of [
    ["12 spread, one concurrency", curve, 12, spreadDraw],
    ["12 adaptive, one concurrency", curve, 12, adaptiveDraw],
    ["25 in pairs, one concurrency", curve, 25, pairedDraw],
    ["12 spread, three concurrencies", trials, 12, spreadDraw],
    ["25 spread, three concurrencies", trials, 25, spreadDraw],
    ["25 adaptive, three concurrencies", trials, 25, adaptiveDraw],
  ] as const) {
    const outcomes: Outcome[] = [];
    for (let seed = 1; seed <= draws; seed++) outcomes.push(await evaluate(all, draw(all, count, seed), models));
    print(name, outcomes);
  }
}
