/**
 * Does a visit measure what a long window of a proxy does that was started for it? Pairs of sweeps of HAProxy at the same
 * levels, one of each kind, in turn; the ratio of their rates at one reference speed, and raw, with its 95 % interval. As
 * root, on a machine that is otherwise idle; some eight minutes. What either costs in time is in bench/overhead.ts.
 * usage: npm run bench:relimit [-- PAIRS]
 */
import type { TrialRecord } from "../src/core/domain/record.ts";
import { geometricMean, logInterval, pooledSpread } from "../src/core/statistics/index.ts";
import { atReferenceSpeed } from "../src/core/statistics/trials/referenceSpeed.ts";
import { levelsOf, ratesAt, recordsOf } from "./records.ts";

const pairs = Number(process.argv[2] ?? 8);
const levels = [0.1, 0.3, 0.6];
const flags = levelsOf("haproxy", levels);
const kinds = {
  visits: [...flags, "--plan", "rounds", "--rounds", "4"],
  fresh: [...flags, "--plan", "grid", "--window", "3s", "--max-window", "3s", "--anchors", "0", "--fresh"],
};

const done: Record<keyof typeof kinds, TrialRecord[]>[] = [];
for (let pair = 1; pair <= pairs; pair++) {
  // The order changes from pair to pair, so that a machine that drifts favours neither.
  const order = pair % 2 === 0 ? (["fresh", "visits"] as const) : (["visits", "fresh"] as const);
  const found = { visits: [] as TrialRecord[], fresh: [] as TrialRecord[] };
  for (const kind of order) found[kind] = recordsOf("sweep", kinds[kind]);
  done.push(found);
  process.stderr.write(`\r${pair} of ${pairs} pairs`);
}
process.stderr.write("\n");

const raw = done.flatMap(({ visits, fresh }) => [...visits, ...fresh]);
for (const [name, records] of [["raw", raw] as const, ["at reference speed", atReferenceSpeed(raw)] as const]) {
  const byId = Map.groupBy(records, ({ sweepId }) => sweepId);
  const ratios = done.map(({ visits, fresh }) => {
    const [some, others] = [visits, fresh].map(([first]) => byId.get(first!.sweepId)!) as [
      TrialRecord[],
      TrialRecord[],
    ];
    return geometricMean(levels.map((cpu) => geometricMean(ratesAt(some, cpu)) / geometricMean(ratesAt(others, cpu))));
  });
  const { estimate, low, high } = logInterval(geometricMean(ratios), pairs, pooledSpread([ratios])!);
  console.log(
    `visits / fresh, ${name}: ${estimate.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}); pairs ${ratios.map((one) => one.toFixed(2)).join(" ")}`,
  );
}
