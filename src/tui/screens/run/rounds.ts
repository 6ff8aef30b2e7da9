import type { Chart } from "../../../core/cells/chartData.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import type { Band } from "../../../core/domain/summary.ts";
import { bandsOf } from "../../../core/statistics/trials/bands.ts";
import { atReferenceSpeed } from "../../../core/statistics/trials/referenceSpeed.ts";
import { bandChart } from "../../../core/views/bandChart.ts";
import { pointKey } from "../../../core/views/bandTable.ts";
import type { SeriesQuery } from "../../../core/views/series.ts";
import { trialChart } from "../../../core/views/trialChart.ts";
import type { RoundTold } from "../../../core/words/rounds.ts";
import { isInRounds, type RoundsSeen } from "../../store/rounds.ts";
import type { RunState } from "../../store/runState.ts";
import { remember } from "../remember.ts";

const corrected = remember(atReferenceSpeed);

/** What the sweep told of its last whole round, or what its stored trials say of it. */
const lastRound = remember(({ told, round, records }: RoundsSeen, wanted: number | undefined): RoundTold => {
  if (told) return told;
  const bands = bandsOf(corrected(records));
  const halfWidth = bands.length > 0 ? Math.max(...bands.map((band) => band.halfWidth)) : undefined;
  return { round, bands, ...(halfWidth !== undefined && { halfWidth }), ...(wanted && { wantedHalfWidth: wanted }) };
});

/** Half-width that the bands of a sweep are to have; `undefined` where a number of rounds is wanted, and in other plans. */
export function wantedIn({ spec }: RunState): number | undefined {
  return spec?.rounds === undefined ? spec?.precision : undefined;
}

/** The last whole round of a run; `undefined` before there is one, and in other plans. */
export function lastRoundOf(run: RunState): RoundTold | undefined {
  return run.rounds && lastRound(run.rounds, wantedIn(run));
}

/** The band of each configuration so far. */
export function bandsIn(run: RunState): readonly Band[] {
  return lastRoundOf(run)?.bands ?? [];
}

/** Configurations of which some trial ended, but none ended well. */
export const neverCompleted = remember((records: readonly TrialRecord[]): ReadonlySet<string> => {
  const runs = Map.groupBy(records, ({ point }) => pointKey(point));
  return new Set([...runs].flatMap(([key, of]) => (of.some(({ result }) => result) ? [] : [key])));
});

/** Trials that the chart of a run shows: in rounds those of whole rounds, so that it changes with each round only. */
export function shownRecords(run: RunState): readonly TrialRecord[] {
  return (isInRounds(run) && run.rounds?.records) || run.records;
}

/** The chart of a run, at reference speed where the speed is known. Drawn several times a second, made when it changes. */
export const chartOfRun = remember(
  (records: readonly TrialRecord[], inRounds: boolean, y: string, query: Omit<SeriesQuery, "y">): Chart => {
    const shown = corrected(records);
    return inRounds && y === "requestsPerSecond" ? bandChart(shown, query) : trialChart(shown, { ...query, y });
  },
);
