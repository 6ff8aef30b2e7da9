import type { Rows } from "../../../core/answer/index.ts";
import { trainingRows } from "../../../core/answer/learning/rows.ts";
import { select, type TrialWish } from "../../../core/answer/learning/selection.ts";
import { distinct, type LevelKey, type Levels } from "../../../core/domain/factors.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { TABLES } from "../../../core/domain/tables.ts";
import { atOneSpeed } from "../atOneSpeed.ts";
import { remember } from "../remember.ts";

/** What is known of a proxy: what its trials teach about requests/s, and the levels of each factor in them. */
export interface Known {
  readonly proxy: string;
  readonly rows: Rows;
  readonly levels: ReadonlyMap<LevelKey, readonly number[]>;
}

/** The proxies of the trials in the order of their names, with what those teach that a question is answered from. */
export const knownProxies = remember(
  (trials: readonly TrialRecord[], wish: TrialWish = {}, levels: Levels = {}): readonly Known[] => {
    const byProxy = Map.groupBy(atOneSpeed(trials), ({ point }) => point.proxy);
    return [...select(byProxy, wish, { targets: [TARGET], levels })]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([proxy, own]) =>
        knownOf(proxy, own.ok ? trainingRows(own.trials, TARGET, TABLES, own.limited) : trainingRows([], TARGET)),
      );
  },
);

const TARGET = "requestsPerSecond";

function knownOf(proxy: string, rows: Rows): Known {
  const { factors, x } = rows.training;
  const levelsIn = (column: number) => distinct(x.map((row) => row[column]!));
  const levels = factors.map((factor, column) => [factor as LevelKey, levelsIn(column)] as const);
  return { proxy, rows, levels: new Map(x.length > 0 ? levels : []) };
}

const STEP = 0.01;

/** Where a slider can stand: hundredths of a core within the measured CPU limits and these; of other factors the levels. */
export function stopsOf({ levels }: Known, factor: LevelKey): readonly number[] {
  const measured = levels.get(factor) ?? [];
  const [least, most] = [measured[0], measured.at(-1)];
  if (factor !== "cpu" || least === undefined || most === undefined) return measured;
  const count = Math.floor((most - least) / STEP + 1e-9);
  const first = Math.floor(least / STEP) + 1;
  const steps = Array.from({ length: count }, (_, index) => Number(((first + index) * STEP).toFixed(2)));
  return [...new Set([least, ...steps.filter((step) => step > least && step < most), most])];
}
