/**
 * Does the lab measure what the same tool measures by hand? HAProxy at 0.3 CPU under wrk: `./lab run` with a window, and
 * `./lab sweep` in rounds, beside bench/by-hand.sh, each for a few seconds in turns, in random order, several turns to a
 * pair. A speed probe runs beside wrk by hand, too, as the machine's noise would decide otherwise: ratios are shown as they
 * were measured and at one reference speed. As root, on a machine that is otherwise idle; about ten minutes.
 * usage: npm run bench:fidelity [-- PAIRS [TURNS]]
 */
import { left, right, tableOf } from "../src/core/cells/table.ts";
import type { TrialRecord } from "../src/core/domain/record.ts";
import { geometricMean, logInterval, median, pooledSpread, random, shuffled } from "../src/core/statistics/index.ts";
import { atReferenceSpeed, referenceSpeedOf } from "../src/core/statistics/trials/referenceSpeed.ts";
import { levelsOf, recordsOf } from "./records.ts";
import { type HandReading, openHand } from "./rounds/hand.ts";
import { originOf } from "./rounds/recording.ts";
import { percent, printTable, printTargets } from "./rounds/report.ts";

const [pairs, turns] = [process.argv[2] ?? "9", process.argv[3] ?? "3"].map(Number) as [number, number];
const [cpu, seconds, visits, memoryBytes] = [0.3, 3, 4, 256 * 2 ** 20];
const wanted = 0.03;
const kinds = ["by hand", "run", "visits"] as const;
const level = [...levelsOf("haproxy", [cpu]), "--memory", String(memoryBytes)];
const byLab = {
  run: () => recordsOf("run", [...level, "--window", `${seconds}s`, "--max-window", `${seconds}s`, "--warmup", "1s"]),
  visits: () => recordsOf("sweep", [...level, "--rounds", String(visits)]),
};

interface Pair {
  readonly hand: HandReading[];
  readonly run: TrialRecord[];
  readonly visits: TrialRecord[];
}

const draw = random(1);
const hand = await openHand(cpu, memoryBytes, seconds);
const measured: Pair[] = [];
try {
  for (let pair = 1; pair <= pairs; pair++) {
    const found: Pair = { hand: [], run: [], visits: [] };
    for (let turn = 0; turn < turns; turn++) {
      for (const kind of shuffled(kinds, draw)) {
        if (kind === "by hand") found.hand.push(await hand.measure());
        else found[kind].push(...byLab[kind]());
      }
    }
    measured.push(found);
    process.stderr.write(`\r${pair} of ${pairs} pairs`);
  }
} finally {
  await hand.close();
}
process.stderr.write("\n");

const all = measured.flatMap(({ run, visits: some }) => [...run, ...some]);
const reference = referenceSpeedOf(all);
const slope = reference?.proxies.get("haproxy");
const rateOf = ({ result }: TrialRecord) => result!.requestsPerSecond;
const correctedHand = ({ requestsPerSecond, probeMicros }: HandReading) =>
  reference && slope?.used && probeMicros
    ? requestsPerSecond * (probeMicros / reference.probeMicros) ** slope.slope
    : requestsPerSecond;

/** Lab / by hand in each pair. */
function ratios(kind: "run" | "visits", corrected: boolean): number[] {
  return measured.map((pair) => {
    const lab = corrected ? atReferenceSpeed(pair[kind], reference) : pair[kind];
    const byHand = pair.hand.map(corrected ? correctedHand : (one) => one.requestsPerSecond);
    return geometricMean(lab.map(rateOf)) / geometricMean(byHand);
  });
}

const rows = (["run", "visits"] as const).flatMap((kind) =>
  [false, true].map((corrected) => ({ kind, corrected, found: ratios(kind, corrected) })),
);
const names = { run: `lab run, ${seconds} s`, visits: `lab sweep, ${visits} rounds` };
const interval = (found: readonly number[]) => {
  const { low, high } = logInterval(geometricMean(found), found.length, pooledSpread([found])!);
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
};
console.log(`${originOf(all)}\n\nrequests/s by the lab / by hand, ${pairs} pairs of ${turns} turns`);
printTable(
  tableOf(rows, [
    left("", ({ kind }) => names[kind]),
    left("", ({ corrected }) => (corrected ? "at reference speed" : "raw")),
    right("median", ({ found }) => median(found).toFixed(3)),
    right("mean's 95 % interval", ({ found }) => interval(found)),
    left("pairs", ({ found }) => found.map((ratio) => ratio.toFixed(2)).join(" ")),
  ]),
);
printTargets(
  rows
    .filter(({ corrected }) => corrected)
    .map(({ kind, found }) => ({
      what: `${names[kind]}: median ratio to the tool by hand`,
      found: median(found).toFixed(3),
      wanted: `within ${percent(wanted, 0)} of 1`,
      held: Math.abs(median(found) - 1) <= wanted,
    })),
);
process.exit();
