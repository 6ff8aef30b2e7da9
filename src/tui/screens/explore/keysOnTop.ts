import { type KeyBinding, type KeyName, key, quietKey } from "../../keys.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import { entryAt, pickerAfter } from "../../widgets/picker.ts";
import { cursorMoved } from "../../widgets/table/table.ts";
import type { ScreenContext } from "../screen.ts";
import { observationsOf, scopeOf, shownTrials } from "./data.ts";
import { arrangeObservations, observationTableKind, rowsOfObservations } from "./observations.ts";
import { entriesFor, picked } from "./pickers.ts";
import { closed, type ExploreState, withoutPicker } from "./state.ts";
import { trialTableKind } from "./trialTable.ts";

type Context = ScreenContext<ExploreState>;
type Binding = KeyBinding<Context>;

const listOpen = ({ state }: Context) => state.picker !== undefined;
const manyCanBePicked = ({ state }: Context) => state.picker?.state.many === true;
const recordOpen = ({ state }: Context) => !state.picker && state.open !== undefined;
const typing = ({ state }: Context) => !state.picker && state.open === undefined && state.table.typing;

/** Nothing lies over the screen, and no filter is typed. */
export function bare(context: Context): boolean {
  return !listOpen(context) && !recordOpen(context) && !typing(context);
}

/** Keys of the lists that lie over the screen. */
const listKeys: readonly Binding[] = [
  quietKey(LIST_KEYS, "move", "Move in the list; letters search it.", changeList, listOpen),
  key("space", "check", "Check an entry, or uncheck it.", changeList, manyCanBePicked),
  key("a", "all", "Check all entries, or none.", changeList, manyCanBePicked),
  key("enter", "choose", "Take the entry that is marked, or all that are checked.", choose, listOpen),
  key("escape", "back", "Close the list.", ({ update }) => update(withoutPicker), listOpen),
];

/** Keys of the record that lies over the screen. */
const recordKeys: readonly Binding[] = [
  key("up k left", "previous", "Go to the trial above.", step("up"), recordOpen),
  key("down j right", "next", "Go to the trial below.", step("down"), recordOpen),
  key("escape enter backspace", "back", "Close the record.", ({ update }) => update(closed), recordOpen),
];

/** Keys while a filter is typed, besides those of its field. */
const typingKeys: readonly Binding[] = [
  key("enter", "keep", "Keep the filter and leave its line.", ({ update }) => update(filterLeft), typing),
  key("escape", "clear", "Clear the filter.", ({ update }) => update((now) => filterLeft(unfiltered(now))), typing),
  quietKey("up down pageup pagedown", "move", "Move in the table.", move, typing),
];

/** Keys of whatever lies on top of the screen's own. */
export const keysOnTop: readonly Binding[] = [...listKeys, ...recordKeys, ...typingKeys];

/** Moves the cursor of the table that is shown. */
export function move({ lab, update }: Context, key: KeyName): void {
  update((state) => {
    if (state.view === "observations") {
      const shown = arrangeObservations(rowsOfObservations(observationsOf(scopeOf(state, lab))), state.observations);
      return { ...state, observations: cursorMoved(state.observations, shown, observationTableKind, key) };
    }
    return { ...state, table: cursorMoved(state.table, shownTrials(state, lab), trialTableKind, key) };
  });
}

/** Without a filter. */
export function unfiltered(state: ExploreState): ExploreState {
  return { ...state, table: { ...state.table, filter: fieldOf("") } };
}

function filterLeft(state: ExploreState): ExploreState {
  return { ...state, table: { ...state.table, typing: false } };
}

function choose({ state, lab, update }: Context): void {
  const entry = entryAt(entriesFor(state.picker!.purpose, state, lab), state.picker!.state);
  if (entry) update((now) => (now.picker ? picked(now, entry, lab) : now));
}

export function both(a: (context: Context) => boolean, b: (context: Context) => boolean) {
  return (context: Context) => a(context) && b(context);
}

function changeList({ lab, update }: Context, key: KeyName): void {
  update((state) => {
    const { picker } = state;
    const after = picker && pickerAfter(entriesFor(picker.purpose, state, lab), picker.state, key);
    return after ? { ...state, picker: { ...picker, state: after } } : state;
  });
}

function step(key: KeyName) {
  return ({ lab, update }: Context) =>
    update((state) => {
      const table = cursorMoved(state.table, shownTrials(state, lab), trialTableKind, key);
      return table.cursor === undefined ? state : { ...state, table, open: table.cursor };
    });
}
