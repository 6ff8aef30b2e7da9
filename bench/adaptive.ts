/**
 * What the adaptive plan saves: how many recorded trials of real proxies (see data/README.md), and how many seconds of
 * measuring, it takes until the median error on all others is under 10 % and stays there. The adaptive plan and a random
 * order stop there; a grid is measured as a whole, and the smallest even grid that would have done is known only afterwards.
 * usage: npm run bench:adaptive [-- FILE]
 */

import { predictRows } from "../src/core/answer/learning/crossValidation.ts";
import { fitPredictor } from "../src/core/answer/learning/predictor.ts";
import { trainingRows } from "../src/core/answer/learning/rows.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { median } from "../src/core/statistics/index.ts";
import { random, shuffled } from "../src/core/statistics/random.ts";
import {
  adaptiveDraw,
  configurationsLeftOut,
  dataFile,
  errorsOf,
  firstRuns,
  firstSweep,
  loadModels,
  recordedTrials,
} from "./recorded.ts";

const wanted = 0.1;
/** Orders of one kind, or of the runs of a configuration. */
const orders = 10;
/** Configurations that are left to judge by. */
const fewestLeftOut = 15;
const models = await loadModels();

/** Median relative error on the configurations that were not chosen; absent where no model can be fitted yet. */
async function errorOf(all: readonly TrialRecord[], chosen: readonly TrialRecord[]): Promise<number | undefined> {
  const predictor = await fitPredictor(models, trainingRows([...chosen]), 42);
  if (!predictor.ok) return undefined;
  const configurations = configurationsLeftOut(all, chosen);
  const asked = configurations.map(({ levels }) => levels);
  return median(errorsOf(await predictRows(predictor.model, predictor.state, asked), configurations));
}

/** How many of an order it takes until the error is under the wanted one and stays there; absent where it does not. */
async function reached(all: readonly TrialRecord[], order: readonly TrialRecord[]): Promise<number | undefined> {
  let from: number | undefined;
  for (let count = 3; count <= order.length; count++) {
    if (configurationsLeftOut(all, order.slice(0, count)).length < fewestLeftOut) break;
    const error = await errorOf(all, order.slice(0, count));
    if (error === undefined || error >= wanted) from = undefined;
    else from ??= count;
  }
  return from;
}

const secondsOf = (trials: readonly TrialRecord[]) => trials.reduce((sum, { timing }) => sum + (timing?.total ?? 0), 0);

/** So many levels of CPU, evenly over the range, in each setting. */
function evenGrid(trials: readonly TrialRecord[], levels: number): TrialRecord[] {
  const settings = Map.groupBy(trials, ({ point: { servers, concurrency } }) => `${servers} ${concurrency}`);
  return [...settings.values()].flatMap((all) => {
    const sorted = all.toSorted((a, b) => a.point.cpu - b.point.cpu);
    const at = Array.from({ length: levels }, (_, i) => Math.round((i * (sorted.length - 1)) / (levels - 1)));
    return [...new Set(at)].map((index) => sorted[index]!);
  });
}

function print(what: string, trials: number | undefined, seconds: number, whole: number): void {
  if (trials === undefined) console.log(`  ${what.padEnd(34)}not reached`);
  else
    console.log(
      `  ${what.padEnd(34)}${String(trials).padStart(3)} trials ${seconds.toFixed(0).padStart(6)} s   ${(whole / trials).toFixed(1)} times fewer than the grid`,
    );
}

/** The middle of some orders by chance: trials, and seconds of measuring. */
async function middleOf(
  all: readonly TrialRecord[],
  orderBy: (seed: number) => readonly TrialRecord[],
): Promise<[number | undefined, number]> {
  const ends: { trials: number; seconds: number }[] = [];
  for (let seed = 1; seed <= orders; seed++) {
    const order = orderBy(seed);
    const trials = (await reached(all, order)) ?? Number.POSITIVE_INFINITY;
    ends.push({ trials, seconds: secondsOf(order.slice(0, trials)) });
  }
  const trials = median(ends.map((one) => one.trials));
  return [Number.isFinite(trials) ? trials : undefined, median(ends.map((one) => one.seconds))];
}

for (const [proxy, all] of await recordedTrials(process.argv[2] ?? dataFile)) {
  const trials = firstSweep(all);
  // A grid runs each configuration once; what was run again only tells better what is true.
  const grid = firstRuns(trials);
  const whole = grid.length;
  console.log(`\n${proxy}, median error under ${100 * wanted} % on the trials left out`);
  print("the whole grid", whole, secondsOf(grid), whole);
  const adaptive = await middleOf(trials, (seed) => adaptiveDraw(trials, whole, seed));
  print(`adaptive (middle of ${orders} orders)`, ...adaptive, whole);
  const byChance = await middleOf(trials, (seed) => shuffled(firstRuns(shuffled(trials, random(seed))), random(seed)));
  print(`random (middle of ${orders} orders)`, ...byChance, whole);
  for (let levels = 2; levels <= 20; levels++) {
    const even = evenGrid(grid, levels);
    const error = await errorOf(trials, even);
    if (error === undefined || error >= wanted) continue;
    print(`smallest even grid, ${levels} levels`, even.length, secondsOf(even), whole);
    break;
  }
}
