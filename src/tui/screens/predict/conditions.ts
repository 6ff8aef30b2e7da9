import { conditionsKey } from "../../../core/answer/learning/comparable.ts";
import {
  CONDITIONS,
  type Conditions,
  conditionOf,
  conditionsOf,
  sharedConditions,
  wishFor,
} from "../../../core/answer/learning/conditions.ts";
import { distinct, type LevelKey, quantities } from "../../../core/domain/factors.ts";
import { plural } from "../../../core/domain/format.ts";
import type { TrialRecord } from "../../../core/domain/record.ts";
import type { LabState } from "../../store/labState.ts";
import { type PickerEntry, pickerOf } from "../../widgets/picker.ts";
import { remember } from "../remember.ts";
import type { PredictState } from "./state.ts";

/** An entry of the list of conditions, and what is asked once it is picked. */
interface Choice extends PickerEntry {
  readonly isChosen: (state: PredictState) => boolean;
  readonly asked: (state: PredictState) => Pick<PredictState, "wish" | "asked">;
}

/** What the answers can be about: trials made alike, and of servers, connections and memory each level. */
export function conditionEntries({ trials }: LabState): readonly Choice[] {
  return choicesAmong(trials);
}

/** The list of conditions, with those marked that were chosen. */
export function conditionsOpened(state: PredictState, lab: LabState): PredictState {
  const chosen = conditionEntries(lab).filter(({ isChosen }) => isChosen(state));
  return {
    ...state,
    picker: pickerOf(
      false,
      chosen.map(({ id }) => id),
    ),
  };
}

/** The state after an entry was picked. */
export function conditionPicked({ picker: _, ...state }: PredictState, id: string, lab: LabState): PredictState {
  const choice = conditionEntries(lab).find((one) => one.id === id);
  return choice ? { ...state, ...choice.asked(state), levels: {} } : state;
}

const choicesAmong = remember((trials: readonly TrialRecord[]): readonly Choice[] => [
  {
    id: "usual",
    label: "what was measured most",
    isChosen: ({ wish, asked }) => Object.keys({ ...wish, ...asked }).length === 0,
    asked: () => ({ wish: {}, asked: {} }),
  },
  ...groupChoices(trials),
  ...quantities().flatMap(({ key, quantity, read }) => {
    const levels = key === "cpu" ? [] : distinct(trials.flatMap(({ point }) => read(point) ?? []));
    const open = trials.some(({ point }) => read(point) === undefined);
    return levels.length + Number(open) < 2 ? [] : levels.map((level) => levelChoice(key, level, quantity.describe));
  }),
  ...(new Set(trials.map(({ point }) => point.memoryBytes === undefined)).size > 1 ? [withoutMemoryLimit] : []),
]);

/** Groups of trials made alike, those with the most first; a version of a proxy is no condition of the others. */
function groupChoices(trials: readonly TrialRecord[]): Choice[] {
  const shared = (trial: TrialRecord): Conditions => sharedConditions(conditionsOf(trial));
  const groups = [...Map.groupBy(trials, (trial) => conditionsKey(shared(trial))).values()]
    .map((alike) => ({ alike, conditions: shared(alike[0]!) }))
    .sort((a, b) => b.alike.length - a.alike.length);
  if (groups.length < 2) return [];
  const names = new Set([
    ...CONDITIONS.map(({ key }) => key),
    ...groups.flatMap(({ conditions }) => Object.keys(conditions)),
  ]);
  const values = (name: string) => new Set(groups.map(({ conditions }) => conditions[name] ?? null));
  const told = [...names].filter((name) => conditionOf(name).told === "always" || values(name).size > 1);
  return groups.map(({ alike, conditions }) => {
    const label = told.map((name) => conditionOf(name).name(conditions[name] ?? null)).join(", ");
    const { proxyOptions: _, ...wish } = wishFor(conditions);
    return {
      id: label,
      label,
      detail: countsOf(alike),
      isChosen: (state) => conditionsKey({ ...state.wish }) === conditionsKey({ ...wish }),
      asked: ({ asked }) => ({ wish, asked }),
    };
  });
}

/** `148 of haproxy, 1 of squid`. */
function countsOf(trials: readonly TrialRecord[]): string {
  const proxies = [...Map.groupBy(trials, ({ point }) => point.proxy)].sort(([a], [b]) => (a < b ? -1 : 1));
  return proxies.map(([proxy, own]) => `${plural(own.length, "trial")} of ${proxy}`).join(", ");
}

function levelChoice(key: LevelKey, level: number, describe: (level: number) => string): Choice {
  return {
    id: `${key} ${level}`,
    label: describe(level),
    isChosen: ({ asked }) => (asked as Readonly<Partial<Record<LevelKey, number>>>)[key] === level,
    asked: ({ wish: { noMemoryLimit: _, ...wish }, asked }) => ({ wish, asked: { ...asked, [key]: level } }),
  };
}

const withoutMemoryLimit: Choice = {
  id: "no memory limit",
  label: "no memory limit",
  isChosen: ({ wish }) => wish.noMemoryLimit === true,
  asked: ({ wish, asked: { memoryBytes: _, ...asked } }) => ({ wish: { ...wish, noMemoryLimit: true }, asked }),
};
