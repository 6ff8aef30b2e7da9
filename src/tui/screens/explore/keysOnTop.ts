import type { KeyBinding, KeyName } from "../../keys.ts";
import { fieldOf } from "../../widgets/field.ts";
import { LIST_KEYS } from "../../widgets/list.ts";
import { entryAt, pickerAfter } from "../../widgets/picker.ts";
import { cursorMoved } from "../../widgets/table/table.ts";
import type { ScreenContext } from "../screen.ts";
import { observationsOf, scopeOf, shownTrials } from "./data.ts";
import { arrangeObservations, observationColumns, observationRows } from "./observations.ts";
import { entriesFor, picked } from "./pickers.ts";
import { closed, type ExploreState, withoutPicker } from "./state.ts";
import { trialColumns } from "./trialTable.ts";

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
  {
    keys: LIST_KEYS,
    title: "move",
    help: "Move in the list; letters search it.",
    quiet: true,
    when: listOpen,
    run: changeList,
  },
  { keys: ["space"], title: "check", help: "Check an entry, or uncheck it.", when: manyCanBePicked, run: changeList },
  { keys: ["a"], title: "all", help: "Check all entries, or none.", when: manyCanBePicked, run: changeList },
  {
    keys: ["enter"],
    title: "choose",
    help: "Take the entry that is marked, or all that are checked.",
    when: listOpen,
    run: ({ state, lab, update }) => {
      const entries = entriesFor(state.picker!.purpose, state, lab);
      const entry = entryAt(entries, state.picker!.state);
      if (entry) update((now) => (now.picker ? picked(now, entry, lab) : now));
    },
  },
  {
    keys: ["escape"],
    title: "back",
    help: "Close the list.",
    when: listOpen,
    run: ({ update }) => update(withoutPicker),
  },
];

/** Keys of the record that lies over the screen. */
const recordKeys: readonly Binding[] = [
  { keys: ["up", "k", "left"], title: "previous", help: "Go to the trial above.", when: recordOpen, run: step("up") },
  { keys: ["down", "j", "right"], title: "next", help: "Go to the trial below.", when: recordOpen, run: step("down") },
  {
    keys: ["escape", "enter", "backspace"],
    title: "back",
    help: "Close the record.",
    when: recordOpen,
    run: ({ update }) => update(closed),
  },
];

/** Keys while a filter is typed, besides those of its field. */
const typingKeys: readonly Binding[] = [
  {
    keys: ["enter"],
    title: "keep",
    help: "Keep the filter and leave its line.",
    when: typing,
    run: ({ update }) => update((state) => ({ ...state, table: { ...state.table, typing: false } })),
  },
  {
    keys: ["escape"],
    title: "clear",
    help: "Clear the filter.",
    when: typing,
    run: ({ update }) =>
      update((state) => ({ ...state, table: { ...state.table, filter: fieldOf(""), typing: false } })),
  },
  {
    keys: ["up", "down", "pageup", "pagedown"],
    title: "move",
    help: "Move in the table.",
    quiet: true,
    when: typing,
    run: move,
  },
];

/** Keys of whatever lies on top of the screen's own. */
export const keysOnTop: readonly Binding[] = [...listKeys, ...recordKeys, ...typingKeys];

/** Moves the cursor of the table that is shown. */
export function move({ lab, update }: Context, key: KeyName): void {
  update((state) => {
    if (state.view === "observations") {
      const shown = arrangeObservations(observationRows(observationsOf(scopeOf(state, lab))), state.observations);
      return { ...state, observations: cursorMoved(state.observations, shown, observationColumns, key) };
    }
    return { ...state, table: cursorMoved(state.table, shownTrials(state, lab), trialColumns, key) };
  });
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
      const table = cursorMoved(state.table, shownTrials(state, lab), trialColumns, key);
      return table.cursor === undefined ? state : { ...state, table, open: table.cursor };
    });
}
