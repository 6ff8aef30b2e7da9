/**
 * Wall time and width of intervals: a sweep of the lab against bench/naive-sweep.sh, ten CPU levels of HAProxy under wrk,
 * one after the other, several rounds. Both get 95 % intervals of requests/s: the script from its three runs at a level,
 * which follow one another and so know nothing of slower changes; the lab from its repetitions over the whole sweep. An
 * interval half as wide costs four times the runs, so times are compared at equal width.
 * As root, on a machine that is otherwise idle.
 * usage: npm run bench:sweep [-- ROUNDS]
 */
import { execFileSync } from "node:child_process";
import { geometricMean, logInterval, median, pooledSpread, type Spread } from "../src/core/statistics/index.ts";
import { spreadOf } from "../src/core/statistics/trials/repeated.ts";
import { haproxyAt, ratesAt, sweepRecords } from "./records.ts";

const rounds = Number(process.argv[2] ?? 2);
const levels = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Runs differ by more than the course of one of them tells: many short ones say more than a few long ones. */
const manyShortRuns = ["--replicates", "5", "--window", "2s", "--max-window", "2s", "--warmup", "1s"];

interface Outcome {
  readonly seconds: number;
  /** Logarithm of high / low, by level. */
  readonly widths: readonly number[];
  readonly rates: readonly number[];
}

function widthOf(runs: readonly number[], spread: Spread): number {
  const { low, high } = logInterval(geometricMean(runs), runs.length, spread);
  return Math.log(high / low);
}

function byScript(): Outcome {
  const before = performance.now();
  const output = execFileSync("bench/naive-sweep.sh", [levels.join(" ")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const seconds = (performance.now() - before) / 1000;
  const rows = output
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number) as [number, number, number]);
  const runs = levels.map((level) => rows.filter(([cpu]) => cpu === level).map(([, , rate]) => rate));
  return {
    seconds,
    widths: runs.map((rates) => widthOf(rates, pooledSpread([rates])!)),
    rates: runs.map(geometricMean),
  };
}

function byLab(): Outcome {
  const before = performance.now();
  const records = sweepRecords([...haproxyAt(levels), ...manyShortRuns]);
  const seconds = (performance.now() - before) / 1000;
  const spread = spreadOf(records, ({ result }) => result?.requestsPerSecond)!;
  const runs = levels.map((level) => ratesAt(records, level));
  return { seconds, widths: runs.map((rates) => widthOf(rates, spread)), rates: runs.map(geometricMean) };
}

const shares: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const order = round % 2 === 0 ? [byLab, byScript] : [byScript, byLab];
  const done = order.map((run) => run());
  const [lab, script] = round % 2 === 0 ? done : done.toReversed();
  const width = (outcome: Outcome) => Math.sqrt(geometricMean(outcome.widths.map((one) => one ** 2)));
  const share = (lab!.seconds * width(lab!) ** 2) / (script!.seconds * width(script!) ** 2);
  shares.push(share);
  const percent = (outcome: Outcome) => `+-${(50 * width(outcome)).toFixed(1)} %`;
  console.log(
    `round ${round}: lab ${lab!.seconds.toFixed(0)} s, ${percent(lab!)}; script ${script!.seconds.toFixed(0)} s, ${percent(script!)}; time of the lab at equal width ${(100 * share).toFixed(0)} % of the script's`,
  );
  console.log(
    `  lab / script by level: ${levels.map((_, at) => (lab!.rates[at]! / script!.rates[at]!).toFixed(2)).join(" ")}`,
  );
}
console.log(`median: at equal width the lab takes ${(100 * median(shares)).toFixed(0)} % of the script's time`);
