/**
 * How much do visits of one configuration differ, and how much of that does the speed probe take out? Reads the long
 * recording (npm run bench:record makes it): each proxy under each limiter, over all its CPU limits.
 * usage: npm run bench:spread [-- FILE]
 */
import { left, right, tableOf } from "../src/core/cells/table.ts";
import { atReferenceSpeed } from "../src/core/statistics/trials/referenceSpeed.ts";
import { readRecording, type Series } from "./rounds/recording.ts";
import { percent, printTable, printTargets } from "./rounds/report.ts";
import { deviationOf, type SpreadFigures, spreadFigures } from "./rounds/spreadFigures.ts";

const seconds = 3;
const wanted = { share: 0.5, means: 0.06 };

const { series, origin } = await readRecording();
const found = series.map((one) => ({ ...one, figures: spreadFigures(one.visits, seconds) }));
type Row = (typeof found)[number];
const nameOf = ({ proxy, limiter }: Series) => `${proxy} ${limiter}`;
const share = ({ raw, corrected }: SpreadFigures) => corrected / raw;
const deviations = (what: "raw" | "corrected" | "rawMeans" | "correctedMeans") => (row: Row) =>
  percent(row.figures[what]);

console.log(`${origin}\n\nstandard deviation of the logarithm of requests/s, between visits of one configuration`);
printTable(
  tableOf(found, [
    left("", nameOf),
    right("visits", ({ figures }) => String(figures.visits)),
    right("raw", deviations("raw")),
    right("corrected", deviations("corrected")),
    right("share", ({ figures }) => share(figures).toFixed(2)),
    right(`raw, ${seconds} s`, deviations("rawMeans")),
    right(`corrected, ${seconds} s`, deviations("correctedMeans")),
    right("correlation", ({ figures }) => figures.correlation.toFixed(2)),
    right("slope", ({ figures }) => figures.slope.toFixed(2)),
    right("used", ({ figures }) => (figures.used ? "yes" : "no")),
    right("probe's CPU", ({ figures }) => percent(figures.probeCpu)),
    right("other CPU", ({ figures }) => percent(figures.otherCpu)),
  ]),
);
console.log(
  `${seconds} s: of means of visits in which so long was measured; CPU in shares of a core, other: the lab, and all that is no part of a trial`,
);

console.log("\nby CPU limit, raw -> corrected");
for (const one of found) console.log(`  ${nameOf(one).padEnd(18)} ${byLevel(one)}`);

printTargets(
  found.flatMap((row) => [
    {
      what: `${nameOf(row)}: corrected by raw`,
      found: share(row.figures).toFixed(2),
      wanted: `at most ${wanted.share}`,
      held: share(row.figures) <= wanted.share,
    },
    {
      what: `${nameOf(row)}: ${seconds} s of measuring, corrected`,
      found: percent(row.figures.correctedMeans),
      wanted: `at most ${percent(wanted.means, 0)}`,
      held: row.figures.correctedMeans <= wanted.means,
    },
  ]),
);

function byLevel({ visits }: Series): string {
  const corrected = Map.groupBy(atReferenceSpeed(visits), ({ point }) => point.cpu);
  return [...Map.groupBy(visits, ({ point }) => point.cpu)]
    .sort(([a], [b]) => a - b)
    .map(([cpu, own]) => `${cpu}: ${deviationOf(own).toFixed(2)}->${deviationOf(corrected.get(cpu)!).toFixed(2)}`)
    .join("  ");
}
