/**
 * Does a proxy that runs on under a new CPU limit measure the same as one started for the trial? Pairs of sweeps of
 * HAProxy at the same levels, one of each kind, in turn; the ratio of their rates with its 95 % interval. As root, on a
 * machine that is otherwise idle. What either kind costs in time is in bench/overhead.ts.
 * usage: npm run bench:relimit [-- PAIRS]
 */
import { geometricMean, logInterval, pooledSpread } from "../src/core/statistics/index.ts";
import { haproxyAt, ratesAt, sweepRecords } from "./records.ts";

const pairs = Number(process.argv[2] ?? 8);
const levels = [0.1, 0.3, 0.6];
const flags = [...haproxyAt(levels), "--window", "2s", "--max-window", "2s", "--anchors", "0"];
const kinds = { live: flags, fresh: [...flags, "--fresh"] };

const ratios: number[] = [];
for (let pair = 1; pair <= pairs; pair++) {
  // The order changes from pair to pair, so that a machine that drifts favours neither.
  const order = pair % 2 === 0 ? (["fresh", "live"] as const) : (["live", "fresh"] as const);
  const done = new Map(order.map((kind) => [kind, sweepRecords(kinds[kind])]));
  const atLevels = levels.map((cpu) => ratesAt(done.get("live")!, cpu)[0]! / ratesAt(done.get("fresh")!, cpu)[0]!);
  ratios.push(geometricMean(atLevels));
  const figures = levels.map((cpu, at) => `${cpu} CPU ${atLevels[at]!.toFixed(3)}`);
  console.log(`pair ${pair}: live / fresh at ${figures.join(", ")}`);
}
const { estimate, low, high } = logInterval(geometricMean(ratios), pairs, pooledSpread([ratios])!);
console.log(`live / fresh: ${estimate.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`);
