/**
 * Wall time and width of intervals: a sweep of the lab, with nothing said but proxy and CPU limits, against
 * bench/naive-sweep.sh, at ten levels under wrk, one after the other. Both get 95 % intervals of requests/s: the script from
 * its three runs at a level, which follow one another and so know nothing of slower changes; the lab from its bands. The time
 * of the lab at equal width is when its bands, those of all levels, had become as narrow as the script's intervals are in
 * the end, of the levels at which the proxy has answered it in time.
 * As root, on a machine that is otherwise idle; some nine minutes for each proxy.
 * usage: npm run bench:sweep [-- PROXY,... [ROUNDS]]
 */
import { execFileSync } from "node:child_process";
import { left, right, tableOf } from "../src/core/cells/table.ts";
import { formatDuration } from "../src/core/domain/format.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { geometricMean, logInterval, median, pooledSpread } from "../src/core/statistics/index.ts";
import { atReferenceSpeed } from "../src/core/statistics/trials/referenceSpeed.ts";
import { ratesAt, recordsOf } from "./records.ts";
import { originOf } from "./rounds/recording.ts";
import { percent, printTable, printTargets } from "./rounds/report.ts";
import { bandHalfWidth, commonHalfWidth, secondsUntilNarrow } from "./rounds/untilNarrow.ts";

const proxies = process.argv[2]?.split(",") ?? ["haproxy", "traefik"];
const rounds = Number(process.argv[3] ?? 1);
const levels = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const wanted = { share: 0.15, goal: 0.1 };

interface Script {
  readonly seconds: number;
  readonly halfWidth: number;
  readonly rates: readonly number[];
}

function byScript(proxy: string): Script {
  const before = performance.now();
  const args = [proxy, levels.join(" ")];
  const output = execFileSync("bench/naive-sweep.sh", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const rows = output
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number) as [number, number, number]);
  const runs = levels.map((level) => rows.filter(([cpu]) => cpu === level).map(([, , rate]) => rate));
  // A proxy that needs longer to start under a small limit than the script waits has not answered yet.
  const answered = runs.filter((rates) => rates.every((rate) => rate > 0));
  const halves = answered.map((rates) => {
    const { low, high } = logInterval(geometricMean(rates), rates.length, pooledSpread([rates])!);
    return Math.log(high / low) / 2;
  });
  return {
    seconds: (performance.now() - before) / 1000,
    halfWidth: commonHalfWidth(halves),
    rates: runs.map(geometricMean),
  };
}

interface Sweep {
  readonly startMs: number;
  readonly seconds: number;
  readonly records: readonly TrialRecord[];
}

function byLab(proxy: string): Sweep {
  const startMs = Date.now();
  const records = recordsOf("sweep", ["--proxy", proxy, "--cpu", levels.join(",")]);
  return { startMs, seconds: (Date.now() - startMs) / 1000, records };
}

const found = proxies.flatMap((proxy) =>
  Array.from({ length: rounds }, (_, round) => {
    console.error(`${proxy}, round ${round + 1} of ${rounds}`);
    // The order changes from round to round, so that a machine that drifts favours neither.
    const labFirst = round % 2 === 1 ? byLab(proxy) : undefined;
    const script = byScript(proxy);
    const lab = labFirst ?? byLab(proxy);
    const until = (which: "own" | "smooth") =>
      secondsUntilNarrow(lab.records, lab.startMs, levels.length, script.halfWidth, which);
    return { proxy, script, lab, own: until("own"), smooth: until("smooth") };
  }),
);
type Row = (typeof found)[number];
const halfWidth = ({ lab }: Row, which: "own" | "smooth") =>
  percent(bandHalfWidth(lab.records, levels.length, which) ?? Number.NaN);

console.log(`${originOf(found.flatMap(({ lab }) => lab.records))}\n`);
printTable(
  tableOf(found, [
    left("", ({ proxy }) => proxy),
    right("script", ({ script }) => formatDuration(script.seconds)),
    right("+-", ({ script }) => percent(script.halfWidth)),
    right("lab", ({ lab }) => formatDuration(lab.seconds)),
    right("visits", ({ lab }) => String(lab.records.length)),
    right("+- of a level", (row) => halfWidth(row, "own")),
    right("+- of the curve", (row) => halfWidth(row, "smooth")),
    right("as narrow: level", ({ own }) => formatDuration(own)),
    right("as narrow: curve", ({ smooth }) => formatDuration(smooth)),
  ]),
);
console.log("\nlab / script by level, raw and at reference speed");
for (const { proxy, script, lab } of found) {
  for (const [name, records] of [
    ["raw", lab.records] as const,
    ["reference", atReferenceSpeed(lab.records)] as const,
  ]) {
    const ratios = levels.map((level, at) => geometricMean(ratesAt(records, level)) / script.rates[at]!);
    const shown = ratios.map((ratio) => (Number.isFinite(ratio) ? ratio.toFixed(2) : "-"));
    console.log(`  ${proxy.padEnd(10)}${name.padEnd(11)}${shown.join(" ")}`);
  }
}

printTargets(
  proxies.flatMap((proxy) =>
    (["smooth", "own"] as const).map((which) => {
      const rows = found.filter((row) => row.proxy === proxy);
      const share = median(rows.map((row) => row[which] / row.script.seconds));
      return {
        what: `${proxy}: time of the lab at equal width of ${which === "own" ? "each level by itself" : "the curve"}, by the script's`,
        found: share.toFixed(3),
        wanted: `at most ${wanted.share}, goal ${wanted.goal}`,
        held: share <= wanted.share,
      };
    }),
  ),
);
