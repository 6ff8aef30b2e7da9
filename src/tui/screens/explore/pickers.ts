import { columnsFor } from "../../../core/cells/table.ts";
import {
  type Factor,
  type FactorName,
  factorsIn,
  type NumericFactor,
  quantities,
  settingWithout,
} from "../../../core/domain/factors.ts";
import { FIGURES } from "../../../core/domain/figures.ts";
import { plural } from "../../../core/domain/format.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import type { StoredSweep } from "../../../core/lab.ts";
import { seriesQuery } from "../../../core/views/series.ts";
import type { LabState } from "../../store/labState.ts";
import { type PickerEntry, pickerOf } from "../../widgets/picker.ts";
import { sortedBy } from "../../widgets/table/table.ts";
import { remember } from "../remember.ts";
import { scopeOf, shownTrials, sweepOf } from "./data.ts";
import { asPreset, presetEntries } from "./presets.ts";
import type { ExploreState, Purpose } from "./state.ts";
import { trialTableKind } from "./tables.ts";

/** Titles of the lists. */
export const PICKER_TITLES: Readonly<Record<Purpose, string>> = {
  figure: "Which figure?",
  factor: "Against which factor?",
  lines: "A line for each...",
  sweep: "Whose trials?",
  preset: "Often asked",
  sort: "Sort by",
  first: "Compare which one...",
  second: "...with which other?",
};

/** What can be picked for a purpose; what these trials cannot show is there with the reason. */
export function entriesFor(purpose: Purpose, state: ExploreState, lab: LabState): readonly PickerEntry[] {
  const scope = scopeOf(state, lab);
  if (purpose === "figure") return figureEntries(scope);
  if (purpose === "factor") return quantities(factorsOf(scope)).map((factor) => factorEntry(factor, scope));
  if (purpose === "lines") return factorsOf(scope).map((factor) => factorEntry(factor, scope));
  if (purpose === "sweep")
    return [{ id: "all", label: "all trials", detail: plural(lab.trials.length, "trial") }, ...sweepEntries(lab)];
  if (purpose === "preset") return presetEntries(scope);
  if (purpose === "sort")
    return columnsFor(trialTableKind.columns, scope).map(({ id, title }) => ({ id, label: title }));
  return sideEntries(purpose, state, lab);
}

/** The list for a purpose, with what is in force marked. */
export function pickerFor(purpose: Purpose, state: ExploreState, lab: LabState): ExploreState {
  const list = (checked: readonly string[], many = false) => ({
    ...state,
    picker: { purpose, ...pickerOf(many, checked) },
  });
  if (purpose === "figure") return list([state.figure]);
  if (purpose === "factor") return list([state.factor]);
  if (purpose === "lines") {
    const drawn = () => seriesQuery(shownTrials(state, lab).rows, { x: state.factor, y: state.figure }).by;
    return list(state.lines ?? drawn(), true);
  }
  if (purpose === "sweep") return list([sweepOf(state, lab) ?? "all"]);
  if (purpose === "sort") return list(state.table.sort ? [state.table.sort.column] : []);
  return list([]);
}

/** The state after an entry was picked, or the checked ones were accepted. */
export function picked(state: ExploreState, entry: PickerEntry, lab: LabState): ExploreState {
  const purpose = state.picker?.purpose;
  if (entry.unavailable !== undefined && purpose !== "lines") return state;
  const next = { ...state, picker: undefined };
  if (purpose === "figure") return { ...next, figure: entry.id };
  if (purpose === "factor") return { ...next, factor: entry.id as NumericFactor };
  if (purpose === "lines") return { ...next, lines: (state.picker?.checked ?? []) as FactorName[] };
  if (purpose === "sweep") return { ...next, sweep: entry.id };
  if (purpose === "preset") return asPreset(next, entry.id);
  if (purpose === "sort") return { ...next, table: sortedBy(next.table, entry.id) };
  if (purpose === "first") return pickerFor("second", { ...next, sides: [entry.id] }, lab);
  return { ...next, sides: [...next.sides.slice(0, 1), entry.id], view: "comparison" };
}

function figureEntries(scope: readonly TrialRecord[]): PickerEntry[] {
  return FIGURES.map(({ id, label, of, unit }) => {
    const measured = scope.some((record) => of(record) !== undefined);
    const detail = unit === label ? "" : unit;
    return { id, label, detail, ...(!measured && { unavailable: "not measured here" }) };
  });
}

function factorsOf(scope: readonly TrialRecord[]): Factor[] {
  return factorsIn(scope.map(({ point }) => point));
}

function factorEntry({ id, label, read }: Factor, scope: readonly TrialRecord[]): PickerEntry {
  const levels = new Set(scope.map(({ point }) => read(point))).size;
  return { id, label, detail: levels === 1 ? "the same in all" : `${levels} levels` };
}

/** Sweeps that have trials, as lines of a list. */
function sweepEntries({ sweeps, trials }: LabState): PickerEntry[] {
  const counts = Map.groupBy(trials, ({ sweepId }) => sweepId);
  return sweeps.flatMap((sweep) => {
    const count = counts.get(sweep.id)?.length;
    return count === undefined ? [] : [{ id: sweep.id, label: sweep.id, detail: sweepInWords(sweep, count) }];
  });
}

function sweepInWords({ spec, status }: StoredSweep, trials: number): string {
  const state = status === "finished" ? "" : `, ${status}`;
  return `${spec.title ?? spec.proxies.join(", ")}: ${plural(trials, "trial")}${state}`;
}

/** A sweep that shares no setting with another one cannot be compared with it. */
function comparable(entry: PickerEntry, first: string, { trials }: LabState): PickerEntry {
  const settings = settingsOfSweeps(trials);
  const [ones, others] = [settings.get(first), settings.get(entry.id)];
  const shared = [...(ones ?? [])].some((setting) => others?.has(setting));
  return shared ? entry : { ...entry, unavailable: "no setting in common" };
}

const settingsOfSweeps = remember((trials: readonly TrialRecord[]): ReadonlyMap<string, Set<string>> => {
  const sweeps = [...Map.groupBy(trials, ({ sweepId }) => sweepId)];
  return new Map(sweeps.map(([id, ones]) => [id, new Set(ones.map(settingWithout("sweep")))]));
});

function sideEntries(purpose: Purpose, state: ExploreState, lab: LabState): PickerEntry[] {
  const proxies = [...new Set(scopeOf(state, lab).map(({ point }) => point.proxy))].sort();
  const [first] = state.sides;
  const known = purpose === "second" && first !== undefined;
  const ofProxies = proxies.map((id): PickerEntry => ({ id, label: id, detail: "proxy" }));
  if (known && proxies.includes(first)) return ofProxies.filter(({ id }) => id !== first);
  const sweeps = sweepEntries(lab);
  if (known) return sweeps.filter(({ id }) => id !== first).map((entry) => comparable(entry, first, lab));
  return [...(proxies.length > 1 ? ofProxies : []), ...(sweeps.length > 1 ? sweeps : [])];
}
