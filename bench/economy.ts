/**
 * How well is a whole curve known from a few seconds of measuring? Of the long recording (npm run bench:record makes it)
 * visits are drawn in their order from a random start, as a sweep of that length would have made them: the smooth curve at
 * all CPU limits, and what the predictor says between limits of which only every other was visited, against the means of
 * all visits that were not drawn. Seconds count a visit with all that belongs to it.
 * usage: npm run bench:economy [-- FILE]
 */
import { left, right, tableOf } from "../src/core/cells/table.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { mean, median, random } from "../src/core/statistics/index.ts";
import { loadModels } from "./recorded.ts";
import { errorsAtLevels, errorsBetween } from "./rounds/curveErrors.ts";
import { drawnVisits, everyOther } from "./rounds/draws.ts";
import { readRecording } from "./rounds/recording.ts";
import { percent, printTable, printTargets, secondsOf, type Target } from "./rounds/report.ts";

const seeds = 10;
const budgets = [
  { seconds: 20, wanted: 0.1 },
  { seconds: 60, wanted: 0.05 },
];
const models = await loadModels();
const { curves, origin } = await readRecording();

interface Row {
  readonly name: string;
  readonly visits: number;
  readonly seconds: number;
  /** Mean error over the curve in each draw, and the errors at its worst limit. */
  readonly means: readonly number[];
  readonly worst: readonly number[];
}

async function rowOf(
  name: string,
  visits: readonly TrialRecord[],
  seconds: number,
  errorsOf: (drawn: readonly TrialRecord[]) => Promise<number[]>,
): Promise<Row> {
  const draws = Array.from({ length: seeds }, (_, seed) => drawnVisits(visits, seconds, random(seed + 1)));
  const errors: number[][] = [];
  for (const drawn of draws) errors.push(await errorsOf(drawn));
  return {
    name,
    visits: median(draws.map(({ length }) => length)),
    seconds: median(draws.map(secondsOf)),
    means: errors.map(mean),
    worst: errors.map((one) => Math.max(...one)),
  };
}

console.log(`${origin}\n\nerror of the curve, mean over its CPU limits: medians of ${seeds} draws`);
const targets: Target[] = [];
for (const { seconds, wanted } of budgets) {
  const rows: Row[] = [];
  for (const { proxy, visits } of curves) {
    const { known } = everyOther(visits);
    const ofKnown = visits.filter(({ point }) => known.has(point.cpu));
    rows.push(
      await rowOf(proxy, visits, seconds, (drawn) => errorsAtLevels(drawn, visits, models)),
      await rowOf(`${proxy}, between`, ofKnown, seconds, (drawn) => errorsBetween(drawn, visits, models)),
    );
  }
  console.log(`\n${seconds} s`);
  printTable(
    tableOf(rows, [
      left("", ({ name }) => name),
      right("visits", ({ visits }) => String(visits)),
      right("seconds", (row) => row.seconds.toFixed(1)),
      right("error", ({ means }) => percent(median(means))),
      right("range", ({ means }) => `${percent(Math.min(...means))} to ${percent(Math.max(...means))}`),
      right("worst limit", ({ worst }) => percent(median(worst))),
    ]),
  );
  targets.push(
    ...rows.map(({ name, means }) => ({
      what: `${name}: error from at most ${seconds} s`,
      found: percent(median(means)),
      wanted: `under ${percent(wanted, 0)}`,
      held: median(means) < wanted,
    })),
  );
}
printTargets(targets);
