/**
 * How often does a comparison call a difference where there is none, and how often does it find one of 5 and of 10 %? Reads
 * the long recording (npm run bench:record makes it): HAProxy, the same under another name, and two made slower by rules, each
 * visited at two CPU limits in every round. Minutes count the visits of the two sides that are compared, and nothing else.
 *
 * As it was recorded it holds few blocks of minutes; these are all shown. Many more cases are put together of stretches of
 * five rounds drawn by chance. For A/A the sides change places by chance in each round, so that they are equals; for A/B
 * the slower side is made slower by exactly 5 or 10 % by the mean of the whole recording. Such cases say whether intervals
 * and tests are right for how visits differ, but are not independent of each other.
 * usage: npm run bench:aa [-- FILE]
 */
import { left, right, tableOf } from "../src/core/cells/table.ts";
import { random, shareInterval } from "../src/core/statistics/index.ts";
import type { Comparison } from "../src/core/statistics/sides/compare.ts";
import { blocksOf, compared, drawnBlock, roundsOfSides, type Sides, scaled } from "./rounds/blocks.ts";
import { originOf, readRecording, sides } from "./rounds/recording.ts";
import { percent, printTable, printTargets } from "./rounds/report.ts";

const cases = 400;
const { pairs } = await readRecording();
if (pairs.length === 0) throw new Error("the recording has no pairs");
const { first, same, slower5, slower10 } = sides;
const alike: Sides = { first, second: same };
const different = (called: Comparison) => called.verdict === "higher" || called.verdict === "lower";
const lower = (called: Comparison) => called.verdict === "lower";
const countOf = (all: readonly Comparison[], hit: (one: Comparison) => boolean) => all.filter(hit).length;
const shareText = (hits: number, of: number) => (of === 0 ? "none" : `${hits} of ${of} (${percent(hits / of, 0)})`);

console.log(`${originOf(pairs)}\n\nthe whole recording, second / first`);
printTable(
  tableOf(
    [alike, { first, second: slower5 }, { first, second: slower10 }].flatMap((pair) =>
      [false, true].map((raw) => ({ pair, raw, found: compared(sidesOf(pair), pair, raw) })),
    ),
    [
      left("", ({ pair }) => `${pair.second} / ${pair.first}`),
      left("", ({ raw }) => (raw ? "raw" : "corrected")),
      right("pairs", ({ found }) => String(found.pairs)),
      right("ratio", ({ found }) => found.ratio?.estimate.toFixed(4) ?? "unknown"),
      right("95 % interval", ({ found: { ratio } }) =>
        ratio ? `${ratio.low.toFixed(4)} to ${ratio.high.toFixed(4)}` : "",
      ),
      left("", ({ found }) => found.verdict),
    ],
  ),
);

const asked = [
  { pair: alike, minutes: [0.5, 1, 2, 4] },
  { pair: { first, second: slower5 }, minutes: [0.5, 1, 2, 4] },
  { pair: { first, second: slower10 }, minutes: [0.5, 1, 2] },
];
console.log("\nblocks as they were recorded, none of which overlap: called different");
printTable(
  tableOf(
    asked.flatMap(({ pair, minutes }) => minutes.map((length) => ({ pair, length }))),
    [
      left("", ({ pair }) => `${pair.second} / ${pair.first}`),
      right("minutes", ({ length }) => String(length)),
      right("corrected", ({ pair, length }) => recorded(pair, length, false)),
      right("raw", ({ pair, length }) => recorded(pair, length, true)),
    ],
  ),
);

const wanted = [
  { pair: alike, what: "A/A called different", minutes: 4, ratio: undefined, most: 0.08 },
  { pair: { first, second: slower5 }, what: "A/B of 5 % found", minutes: 4, ratio: 0.95, least: 0.8 },
  { pair: { first, second: slower10 }, what: "A/B of 10 % found", minutes: 2, ratio: 0.9, least: 0.95 },
];
console.log(`\n${cases} cases each, put together by chance`);
printTargets(
  wanted.map(({ pair, what, minutes, ratio, most = 1, least = 0 }) => {
    const drawn = drawnCases(pair, minutes, ratio);
    const hits = countOf(drawn, ratio === undefined ? different : lower);
    const { low, high } = shareInterval(hits, cases)!;
    return {
      what: `${what} in ${minutes} min`,
      found: `${percent(hits / cases)} (${percent(low, 0)} to ${percent(high, 0)})`,
      wanted: ratio === undefined ? `at most ${percent(most, 0)}` : `at least ${percent(least, 0)}`,
      held: hits / cases <= most && hits / cases >= least,
    };
  }),
);

function sidesOf(pair: Sides) {
  return roundsOfSides(pairs, pair).flat();
}

function recorded(pair: Sides, minutes: number, raw: boolean): string {
  const found = blocksOf(roundsOfSides(pairs, pair), 60 * minutes).map((block) => compared(block, pair, raw));
  return shareText(countOf(found, different), found.length);
}

/** `ratio`: that the slower side is to have; absent: the sides are to be equals. */
function drawnCases(pair: Sides, minutes: number, ratio: number | undefined): Comparison[] {
  const draw = random(1);
  const visits = sidesOf(pair);
  const factor = ratio === undefined ? 1 : ratio / compared(visits, pair).ratio!.estimate;
  const rounds = roundsOfSides(scaled(visits, pair.second, factor), pair);
  return Array.from({ length: cases }, () =>
    compared(drawnBlock(rounds, 60 * minutes, draw, ratio === undefined ? pair : undefined), pair),
  );
}
