/**
 * Do the bands of short sweeps hold the truth as often as they say? Reads the long recording (npm run bench:record makes it),
 * cuts the curve of each proxy into sweeps of a few rounds, and compares the bands of each with the mean of all its other
 * rounds; with the probe's correction and without. Beside it: does the correction move the means of the whole recording?
 * usage: npm run bench:coverage [-- FILE]
 */
import { left, right, tableOf } from "../src/core/cells/table.ts";
import { geometricMean, mean, median, shareInterval } from "../src/core/statistics/index.ts";
import { biases, type Case, coverageCases, kinds } from "./rounds/coverageCases.ts";
import { readRecording } from "./rounds/recording.ts";
import { percent, printTable, printTargets, signed, type Target } from "./rounds/report.ts";

const lengths = [3, 4, 6];
const wanted = { low: 0.9, high: 0.99, fewest: 100, bias: 0.02 };

const { curves, origin } = await readRecording();
console.log(
  `${origin}\n\n95 % intervals of short sweeps that hold the mean of all other rounds of the same proxy; \`expected\` of right ones, as that
mean is itself uncertain; \`allowing\` for its uncertainty. Levels of one short sweep are not independent of each other.`,
);

interface Row {
  readonly name: string;
  readonly rounds: number;
  readonly cases: readonly Case[];
}
const share = (cases: readonly Case[], what: "held" | "heldAllowing") => mean(cases.map((one) => (one[what] ? 1 : 0)));

const targets: Target[] = [];
for (const kind of kinds) {
  const all = curves.flatMap(({ proxy, visits }) =>
    lengths.map((rounds) => ({
      name: proxy,
      rounds,
      cases: coverageCases(visits, rounds).filter((one) => one.kind === kind),
    })),
  );
  const rows: Row[] = [
    ...all,
    ...lengths.map((rounds) => ({
      name: "all",
      rounds,
      cases: all.flatMap((row) => (row.rounds === rounds ? row.cases : [])),
    })),
  ].filter(({ cases }) => cases.length > 0);
  console.log(`\n${kind}`);
  printTable(
    tableOf(rows, [
      left("", ({ name }) => name),
      right("rounds", ({ rounds }) => String(rounds)),
      right("cases", ({ cases }) => String(cases.length)),
      right("half-width", ({ cases }) => percent(median(cases.map(({ halfWidth }) => halfWidth)))),
      right("held", ({ cases }) => percent(share(cases, "held"))),
      right("expected", ({ cases }) => percent(mean(cases.map(({ expected }) => expected)))),
      right("allowing", ({ cases }) => percent(share(cases, "heldAllowing"))),
      right("95 % interval", ({ cases }) => intervalText(cases)),
    ]),
  );
  const every = all.flatMap(({ cases }) => cases);
  const held = share(every, "heldAllowing");
  targets.push({
    what: `${kind}: intervals that hold the truth`,
    found: `${percent(held)} of ${every.length}`,
    wanted: `${percent(wanted.low, 0)} to ${percent(wanted.high, 0)} of ${wanted.fewest} or more`,
    held: held >= wanted.low && held <= wanted.high && every.length >= wanted.fewest,
  });
}

for (const { proxy, visits } of curves) {
  const ratios = biases(visits);
  const off = geometricMean(ratios) - 1;
  const furthest = Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)));
  targets.push({
    what: `${proxy}: means of the whole recording, corrected beside raw`,
    found: `${signed(off)} over all limits, at one of them ${percent(furthest)} at most`,
    wanted: `within ${percent(wanted.bias, 0)} over all limits`,
    held: Math.abs(off) <= wanted.bias,
  });
}
printTargets(targets);

function intervalText(cases: readonly Case[]): string {
  const { low, high } = shareInterval(cases.filter(({ heldAllowing }) => heldAllowing).length, cases.length)!;
  return `${percent(low, 0)} to ${percent(high, 0)}`;
}
