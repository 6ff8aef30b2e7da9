import type { Chart } from "../../../core/cells/chartData.ts";
import { type NumericFactor, settingWithout } from "../../../core/domain/factors.ts";
import { figureOf } from "../../../core/domain/figures.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import { type Comparison, compare } from "../../../core/statistics/sides/compare.ts";
import { observe } from "../../../core/statistics/trials/observe.ts";
import { type SpeedBasis, speedBasisOf, speedCorrected } from "../../../core/statistics/trials/speeds.ts";
import { type ObservationRow, observationRows } from "../../../core/views/observationTable.ts";
import { type RateMap, rateMaps } from "../../../core/views/rateMap.ts";
import { seriesQuery } from "../../../core/views/series.ts";
import { trialChart } from "../../../core/views/trialChart.ts";
import type { LabState } from "../../store/labState.ts";
import type { Arranged } from "../../widgets/table/table.ts";
import { remember } from "../remember.ts";
import type { ExploreState } from "./state.ts";
import { arrangeObservations, arrangeTrials } from "./tables.ts";

type Scope = Pick<ExploreState, "sweep" | "raw">;

/** Id of the sweep looked at; `undefined` where all trials are, or there are none. */
export function sweepOf({ sweep }: Pick<ExploreState, "sweep">, { sweeps, trials }: LabState): string | undefined {
  if (sweep === "all") return undefined;
  return sweep ?? sweeps.find(({ id }) => trials.some(({ sweepId }) => sweepId === id))?.id;
}

/** Trials of the sweep that is looked at, at its reference speed unless they are wanted as measured. */
export function scopeOf({ raw = false, ...state }: Scope, lab: LabState): readonly TrialRecord[] {
  const measured = trialsOf(lab.trials, sweepOf(state, lab));
  return raw ? measured : corrected(measured);
}

/** The trial whose record is open: with its rate as measured and at reference speed, whatever is drawn. */
export function openTrial({ open, raw: _, ...state }: ExploreState, lab: LabState): TrialRecord | undefined {
  if (open === undefined) return undefined;
  const isOpen = ({ id }: TrialRecord) => id === open;
  return scopeOf(state, lab).find(isOpen) ?? lab.trials.find(isOpen);
}

/** What the trials looked at say of the speed that they are at; `undefined` where no probe ran. */
export function speedOf(state: ExploreState, lab: LabState): SpeedBasis | undefined {
  const sides = state.view === "comparison" ? sidesCompared(state, lab) : undefined;
  return sides ? sides.speed : basis(scopeOf(state, lab));
}

const corrected = remember((trials: readonly TrialRecord[]) => speedCorrected(trials));
const basis = remember(speedBasisOf);

const trialsOf = remember((trials: readonly TrialRecord[], sweepId: string | undefined) =>
  sweepId === undefined ? trials : trials.filter((trial) => trial.sweepId === sweepId),
);

/** The same trials as the table shows them. */
export function shownTrials(state: ExploreState, lab: LabState): Arranged<TrialRecord> {
  return arrangeTrials(scopeOf(state, lab), state.table);
}

/** The chart of the trials that are shown. */
export function exploredChart(state: ExploreState, lab: LabState): Chart {
  return drawn(shownTrials(state, lab).rows, state.figure, state.factor, state.lines);
}

const drawn = remember((records: readonly TrialRecord[], y: string, x: NumericFactor, by: ExploreState["lines"]) =>
  trialChart(records, seriesQuery(records, { x, y, ...(by && by.length > 0 && { by }) })),
);

/** The maps of the trials that are shown; none unless both CPU limit and offered rate vary. */
export function exploredMaps(state: ExploreState, lab: LabState): readonly RateMap[] {
  return mapped(shownTrials(state, lab).rows, state.figure);
}

const mapped = remember((records: readonly TrialRecord[], figure: string) => rateMaps(records, figure));

/** What rises with what among the trials of the sweep, as the table shows it. */
export function shownObservations(state: ExploreState, lab: LabState): Arranged<ObservationRow> {
  return arrangeObservations(observed(scopeOf(state, lab)), state.observations);
}

const observed = remember((records: readonly TrialRecord[]) => observationRows(observe(records)));

/** Two sides, and what speed of the machine they are compared at. */
export type SidesCompared = Comparison & { readonly speed?: SpeedBasis };

/** The comparison of the sides, by the figure of the chart; none until both are chosen. */
export function sidesCompared({ sides, figure, ...state }: ExploreState, lab: LabState): SidesCompared | undefined {
  const [first, second] = sides;
  if (first === undefined || second === undefined) return undefined;
  return compared(scopeOf(state, lab), lab.trials, first, second, figure, state.raw ?? false);
}

/** Names are proxies if the trials looked at have them, else ids of sweeps, which are put at one speed. */
const compared = remember(
  (
    scope: readonly TrialRecord[],
    all: readonly TrialRecord[],
    first: string,
    second: string,
    figure: string,
    raw: boolean,
  ): SidesCompared => {
    const isProxy = scope.some(({ point }) => point.proxy === first);
    const trials = isProxy
      ? scope
      : speedCorrected(
          all.filter(({ sweepId }) => sweepId === first || sweepId === second),
          { raw },
        );
    const side = (name: string) => trials.filter(({ point, sweepId }) => (isProxy ? point.proxy : sweepId) === name);
    const [one, other] = [side(first), side(second)];
    const speed = speedBasisOf([...one, ...other]);
    const found = compare(one, other, figureOf(figure).of, settingWithout(isProxy ? "proxy" : "sweep"));
    return { ...found, ...(speed && { speed }) };
  },
);
