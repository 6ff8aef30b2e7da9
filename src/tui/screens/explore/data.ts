import type { Chart } from "../../../core/cells/chartData.ts";
import { settingWithout } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { type Comparison, compare } from "../../../core/statistics/trials/compare.ts";
import { type Observation, observe } from "../../../core/statistics/trials/observe.ts";
import { seriesQuery } from "../../../core/views/series.ts";
import { trialChart } from "../../../core/views/trialChart.ts";
import type { LabState } from "../../store/labState.ts";
import type { Arranged } from "../../widgets/table/table.ts";
import { remember } from "../remember.ts";
import type { ExploreState } from "./state.ts";
import { arrangeTrials } from "./trialTable.ts";

/** Id of the sweep looked at; `undefined` where all trials are, or there are none. */
export function sweepOf({ sweep }: Pick<ExploreState, "sweep">, { sweeps, trials }: LabState): string | undefined {
  if (sweep === "all") return undefined;
  return sweep ?? sweeps.find(({ id }) => hasTrials(trials, id))?.id;
}

/** Trials of the sweep that is looked at. */
export function scopeOf(state: Pick<ExploreState, "sweep">, lab: LabState): readonly TrialRecord[] {
  return trialsOf(lab.trials, sweepOf(state, lab));
}

const trialsOf = remember((trials: readonly TrialRecord[], sweepId: string | undefined) =>
  sweepId === undefined ? trials : trials.filter((trial) => trial.sweepId === sweepId),
);

function hasTrials(trials: readonly TrialRecord[], sweepId: string): boolean {
  return trials.some((trial) => trial.sweepId === sweepId);
}

/** The same trials as the table shows them. */
export function shownTrials(state: ExploreState, lab: LabState): Arranged<TrialRecord> {
  return arrangeTrials(scopeOf(state, lab), state.table);
}

/** The trial whose record is open. */
export function openTrial({ open }: ExploreState, lab: LabState): TrialRecord | undefined {
  return open === undefined ? undefined : lab.trials.find(({ id }) => id === open);
}

/** The chart of the trials that are shown. */
export const exploredChart = remember(
  (
    records: readonly TrialRecord[],
    figure: ExploreState["figure"],
    factor: ExploreState["factor"],
    lines: ExploreState["lines"],
  ): Chart =>
    trialChart(
      records,
      seriesQuery(records, { x: factor, y: figure, ...(lines && lines.length > 0 && { by: lines }) }),
    ),
);

/** What rises with what among the trials of the sweep. */
export const observationsOf = remember((records: readonly TrialRecord[]): readonly Observation[] => observe(records));

/** Two sides as a comparison is made of: proxies of the trials looked at, or whole sweeps. */
export interface Sides {
  readonly first: readonly TrialRecord[];
  readonly second: readonly TrialRecord[];
  readonly differ: "proxy" | "sweep";
}

/** Names are proxies where the trials looked at have them, else ids of sweeps. */
export function sidesOf(state: Pick<ExploreState, "sides" | "sweep">, lab: LabState): Sides | undefined {
  const [first, second] = state.sides;
  if (first === undefined || second === undefined) return undefined;
  const scope = scopeOf(state, lab);
  const isProxy = scope.some(({ point }) => point.proxy === first);
  const side = (name: string) =>
    isProxy ? scope.filter(({ point }) => point.proxy === name) : lab.trials.filter(({ sweepId }) => sweepId === name);
  return { first: side(first), second: side(second), differ: isProxy ? "proxy" : "sweep" };
}

/** The comparison of the sides by the figure of the chart. */
export function sidesCompared(state: ExploreState, lab: LabState): Comparison | undefined {
  return compared(lab, state.sides, state.sweep, state.figure);
}

const compared = remember(
  (lab: LabState, sides: readonly string[], sweep: ExploreState["sweep"], figure: string): Comparison | undefined => {
    const found = sidesOf({ sides, ...(sweep !== undefined && { sweep }) }, lab);
    return found && compare(found.first, found.second, figureOf(figure).of, settingWithout(found.differ));
  },
);
