/**
 * Do the intervals of short trials hold the truth as often as they say? A sweep of HAProxy repeats each of its levels for
 * minutes; the truth of a level is the geometric mean of all its runs but one, and the interval is that of the one run,
 * by the spread that a sweep with its usual repetitions would have found. As root, on a machine that is otherwise idle.
 * usage: npm run bench:coverage [-- REPLICATES]
 */

import { geometricMean, logInterval, pooledSpread, shareInterval } from "../src/core/statistics/index.ts";
import { random, shuffled } from "../src/core/statistics/random.ts";
import { haproxyAt, ratesAt, sweepRecords } from "./records.ts";

const replicates = Number(process.argv[2] ?? 16);
const cpu = [0.1, 0.2, 0.3, 0.5];
/** Repetitions behind the spread of an ordinary sweep, as groups: three runs of the reference, two of each end. */
const usual = [3, 2, 2, 1];

const window = ["--window", "2s", "--max-window", "4s", "--replicates", String(replicates)];
const records = sweepRecords([...haproxyAt(cpu), ...window]);
const runs = cpu.map((level) => ratesAt(records, level));

const draw = random(1);
let held = 0;
let naiveHeld = 0;
const widths: number[] = [];
for (const [level, rates] of runs.entries()) {
  for (const [index, rate] of rates.entries()) {
    const truth = geometricMean(rates.filter((_, other) => other !== index));
    const others = runs.map((all, at) => (at === level ? all.filter((_, other) => other !== index) : all));
    const groups = shuffled(others, draw).map((all, group) => shuffled(all, draw).slice(0, usual[group]));
    const { low, high } = logInterval(rate, 1, pooledSpread(groups)!);
    widths.push(high / low);
    if (low <= truth && truth <= high) held++;
    const own = records.filter(({ point }) => point.cpu === cpu[level])[index]!.quality?.halfWidth ?? 0;
    if (Math.abs(rate / truth - 1) <= own) naiveHeld++;
  }
}
const all = runs.flat().length;
const { low, high } = shareInterval(held, all)!;
const spread = pooledSpread(runs)!;
console.log(
  `runs differ by ${(100 * spread.logDeviation).toFixed(1)} % (standard deviation, ${spread.degreesOfFreedom} degrees of freedom)`,
);
console.log(
  `95 % intervals held the truth in ${held} of ${all} trials: ${((100 * held) / all).toFixed(1)} % (${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %)`,
);
console.log(`median width, high / low: ${widths.sort((a, b) => a - b)[all >> 1]!.toFixed(2)}`);
console.log(`for comparison, each run's own interval by batch means: ${((100 * naiveHeld) / all).toFixed(1)} %`);
