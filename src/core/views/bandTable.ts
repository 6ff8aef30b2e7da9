import { type ColumnOf, left, right, type Table, tableOf } from "../cells/table.ts";
import { byLevels, FACTORS, type Factor } from "../domain/factors.ts";
import { ABSENT, formatCpuLevel, formatPercent, formatRate, isFigure } from "../domain/format.ts";
import type { Point } from "../domain/point.ts";
import { isBelieved, type TrialRecord } from "../domain/record.ts";
import type { Band } from "../domain/summary.ts";
import { geometricMean } from "../statistics/index.ts";
import { verdictInWords } from "../words/trials.ts";

/** What was found at one configuration. */
interface Found {
  readonly runs: readonly TrialRecord[];
  readonly band?: Band | undefined;
}

/** The same for points of the same levels. */
export function pointKey(point: Point): string {
  return FACTORS.map(({ read }) => read(point)).join("\n");
}

/**
 * A row for each configuration of one sweep, in the order of their levels: its rate with its band, and what came of its
 * runs. `records` are at reference speed, if their speed is known, and `bands` are of them.
 */
export function bandTable(records: readonly TrialRecord[], bands: readonly Band[]): Table {
  const bandAt = new Map(bands.map((band) => [pointKey(band.point), band]));
  const rows = [...Map.groupBy(records.toSorted(byLevels(FACTORS)), ({ point }) => pointKey(point))].map(
    ([key, runs]): Found => ({ runs, band: bandAt.get(key) }),
  );
  const corrected = records.some(({ correction }) => correction !== undefined);
  return tableOf(rows, [
    ...FACTORS.filter(({ id, read }) => alwaysShown.includes(id) || levelsIn(records, read) > 1).map(levelColumn),
    right(corrected ? "at reference speed" : "req/s", ({ runs, band }) =>
      formatRate(band?.smooth.estimate ?? centre(runs)),
    ),
    right("±", ({ band }) => formatPercent(band?.halfWidth)),
    ...(corrected ? [right("as measured", ({ runs }: Found) => formatRate(centre(runs, rawRate)), 2)] : []),
    right("runs", ({ runs, band }) => String(band?.runs ?? runs.filter(isBelieved).length), 3),
    left("verdict", ({ runs }) => verdictsOf(runs)),
  ]);
}

const alwaysShown: readonly string[] = ["proxy", "cpu"];
const rate = ({ result }: TrialRecord) => result?.requestsPerSecond;
const rawRate = (record: TrialRecord) => record.correction?.requestsPerSecond ?? rate(record);

function levelsIn(records: readonly TrialRecord[], read: Factor["read"]): number {
  return new Set(records.map(({ point }) => read(point))).size;
}

function levelColumn({ id, label, quantity, read }: Factor): ColumnOf<Found> {
  const level = ({ runs }: Found) => read(runs[0]!.point);
  if (id === "cpu") return right("cpu", (found) => formatCpuLevel(Number(level(found))));
  const text = (found: Found) => {
    const value = level(found);
    return typeof value === "number" ? (quantity?.write(value) ?? String(value)) : (value ?? `no ${label}`);
  };
  return quantity ? right(quantity.short, text) : left(label, text);
}

/** Geometric mean of completed trials. */
function centre(runs: readonly TrialRecord[], figure = rate): number | undefined {
  const values = runs.filter(isBelieved).map(figure).filter(isFigure);
  return values.length > 0 ? geometricMean(values) : undefined;
}

/** What held the runs back, the most frequent first: `proxy-bound`, or `proxy-bound 9, unclear 3`. */
function verdictsOf(runs: readonly TrialRecord[]): string {
  const kinds = [...Map.groupBy(runs, verdictInWords)].sort(([, a], [, b]) => b.length - a.length);
  if (kinds.length < 2) return kinds[0]?.[0] ?? ABSENT;
  return kinds.map(([verdict, { length }]) => `${verdict} ${length}`).join(", ");
}
